// Findings that the operator knows of: suppressed with a reason (and an end), or there already when
// a baseline was taken. They are listed apart and count for no verdict.
//   [ { "id": "conflicting-server-name", "reason": "moves on Friday, T-812", "until": "2026-12-01"
//   },
//     { "path": "/etc/nginx/sites-enabled/old-*", "reason": "switched off by the customer" } ]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/time.h"
#include "libdiag/model/report.h"

namespace ngxdiag::pipeline {

struct Suppression {
  std::string id;      // of a rule, a symptom or a cause; empty: any
  std::string path;    // a file or folder, or a glob; empty: wherever the evidence was read
  std::string reason;  // never empty
  std::optional<base::CivilTime> until;  // the day it ends; it still holds on that day
};

// True until the end of its last day.
bool holds_at(const Suppression& suppression, base::CivilTime now);
// True when it is for every file, or for this one.
bool holds_for(const Suppression& suppression, std::string_view path);

// A list as above. Throws base::UserError for an entry without reason or with neither id nor path,
// a wrong date, an unknown member.
std::vector<Suppression> read_suppressions(std::string_view text, std::string_view where);

// Every finding and symptom of an earlier JSON report, with "in the baseline WHERE" as the reason.
// Throws base::UserError when the text is no report of schema ngxdiag.report/1.
std::vector<Suppression> read_baseline(std::string_view text, std::string_view where);

// Moves what is suppressed to Report::suppressed, symptoms of a suppressed cause too; one that has
// ended stays, and is said in not_observed. One with a path covers a finding only when every piece
// of evidence for it was read below that path.
void suppress(model::Report& report, const std::vector<Suppression>& suppressions,
              base::CivilTime now);

}  // namespace ngxdiag::pipeline

// What the reports of a stretch of time say together: the weekly summary.
#pragma once

#include <string>
#include <vector>

#include "libdiag/model/report.h"

namespace ngxdiag::model {

// Reports of one verdict in a row.
struct VerdictSpan {
  Verdict verdict = Verdict::kUnknown;
  base::CivilTime from = 0, until = 0;  // the first and the last report of the row
  int64_t reports = 0;
};

// A finding or symptom and how often it was reported.
struct TroubleSpan {
  std::string id, instance, title;
  Severity worst = Severity::kInfo;
  base::CivilTime first = 0, last = 0;
  int64_t reports = 0;
  bool lasts = false;       // the newest report still has it
  bool was_before = false;  // the last report before the stretch had it
};

struct Summary {
  std::string host;
  base::CivilTime from = 0, until = 0;
  int64_t reports = 0;
  int64_t by_verdict[4] = {};         // in the order of Verdict
  std::vector<VerdictSpan> spans;     // oldest first; the newest of them when there are very many
  std::vector<TroubleSpan> troubles;  // worst first, then what was reported most
};

}  // namespace ngxdiag::model

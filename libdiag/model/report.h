// The finished report: renderers print it and compute nothing. Field for field the JSON report
// (schema ngxdiag.report/1, docs/report.schema.json).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libdiag/model/fact.h"
#include "libdiag/model/gap.h"

namespace ngxdiag::model {

enum class Severity { kInfo, kWarning, kCritical };
enum class Verdict { kOk, kWarning, kCritical, kUnknown };
std::string_view severity_name(Severity severity);
std::string_view verdict_name(Verdict verdict);
std::optional<Severity> severity_by_name(std::string_view name);
std::optional<Verdict> verdict_by_name(std::string_view name);

// One reason for or against a finding. Weight in decibans (10·log10 of the likelihood ratio).
struct EvidenceItem {
  std::string says;
  double weight = 0;
  SourceRef source;
  std::string analyzer;  // which analyzer saw it; "patterns" for lines that a rule looks for
};

struct Fix {
  std::string title;
  std::vector<std::string> commands;  // ready to paste; every inserted value is shell-quoted
  std::string impact, undo, verify;
};

struct NextCheck {
  std::string says, command;
};

struct Finding {
  std::string id;    // the rule
  std::string kind;  // cause | advisory | forecast
  std::string cause, component;
  Severity severity = Severity::kInfo;
  double confidence = 0;
  std::string title, explanation;
  std::string instance;  // which nginx, when the host runs several
  std::vector<EvidenceItem> evidence;
  std::vector<std::string> explains;  // ids of symptoms and other findings it accounts for
  std::string explained_by;           // the finding that accounts for this one, or empty
  std::vector<Fix> fixes;
  std::vector<std::string> references;
};

// A trouble that is an effect; `explained_by` is the finding that accounts for it, or empty.
struct Symptom {
  std::string id, says;
  Severity severity = Severity::kInfo;
  std::string explained_by;
  std::vector<EvidenceItem> evidence;
};

struct TimelineEvent {
  base::CivilTime time = 0;
  std::optional<base::CivilTime> end;  // of a burst
  std::string kind;  // start reload refused-reload death burst acme oom process …
  std::string says;
  SourceRef source;
  // Of several folded into one entry: how many fell into each `bin` seconds from `time` on.
  int64_t bin = 0;
  std::vector<int64_t> counts = {};
};

// A finding or symptom that the operator knows of; it counts for no verdict.
struct Suppressed {
  std::string id, title, reason;
  std::optional<base::CivilTime> until;
};

// What differs from an earlier report of the same host.
struct Change {
  enum class Kind { kNew, kWorse, kBetter, kGone };
  Kind kind = Kind::kNew;
  std::string id;  // a rule, a symptom or a fact
  std::string instance, title;
  Severity severity = Severity::kInfo;  // as it is now; as it was when it is gone
  std::string how;  // "warning -> critical", "60 % -> 95 %", "12 -> 4", or empty
};
std::string_view change_name(Change::Kind kind);

struct Changes {
  std::string since;  // RFC 3339 of the earlier report; empty: there is none yet
  Verdict verdict_before = Verdict::kUnknown;
  std::vector<Change> items;  // new first, then worse, better, gone
};

struct Report {
  std::string generated;  // RFC 3339
  std::string host;
  Verdict verdict = Verdict::kUnknown;
  std::string summary;            // one sentence under the verdict
  std::vector<Finding> findings;  // the likeliest root cause first
  std::vector<Symptom> symptoms;
  std::vector<Suppressed> suppressed;
  std::vector<NextCheck> next_checks;
  std::vector<TimelineEvent> timeline;
  FactSet facts;
  std::vector<Gap> not_observed;
  std::vector<std::string> looked_at;  // "error.log (error_log, 4,310 lines)"
  std::optional<Changes> changes;      // empty: not compared with anything
  std::optional<double> seconds;       // how long looking took, where that was measured
};

}  // namespace ngxdiag::model

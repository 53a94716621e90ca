// What is new, worse, better or gone between two reports of one host.
//   before: nchan-reloads-left (warning)   after: nchan-worker-slots-exhausted (critical)
//   -> new nchan-worker-slots-exhausted, gone nchan-reloads-left
#pragma once

#include <string>
#include <vector>

#include "libdiag/model/report.h"

namespace ngxdiag::history {

// A finding or a symptom as it is kept. `id` with `instance` tells which.
struct Trouble {
  std::string id, instance, title;
  model::Severity severity = model::Severity::kInfo;
  double confidence = 1;  // 1 for a symptom
};

// A number worth comparing; `name` is the fact's.
struct Measure {
  std::string name;
  double value = 0;
};

// A report as it is kept: enough to say what has changed, and nothing that quotes a log.
struct Past {
  std::string generated;  // RFC 3339
  model::Verdict verdict = model::Verdict::kUnknown;
  std::vector<Trouble> troubles;
  std::vector<Measure> measures;
};

// Findings that are more likely than not, and the symptoms. A candidate below that comes and goes
// with every line of a log.
Past to_past(const model::Report& report);

// A severity always counts; a confidence from ten percent points on; a
// number when it doubled, halved, or left or reached zero. Numbers that count lines of logs only
// grow worse: they shrink when a log is rotated.
model::Changes compare(const Past& before, const Past& after);

}  // namespace ngxdiag::history

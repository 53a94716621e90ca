// What is new, worse, better or gone between two reports of one host.
#pragma once

#include <string>
#include <vector>

#include "libdiag/model/report.h"

namespace ngxdiag::tools {

// A finding or a symptom as the history keeps it. `id` with `instance` tells which.
struct Trouble {
  std::string id, instance, title;
  model::Severity severity = model::Severity::kInfo;
  double confidence = 1;  // 1 for a symptom
};

std::vector<Trouble> troubles(const model::Report& report);

struct Change {
  enum class Kind { kNew, kWorse, kBetter, kGone };
  Kind kind;
  Trouble trouble;  // as it is now; as it was when it is gone
  std::string how;  // "warning -> critical", "60 % -> 95 %"; empty when new or gone
};

// New first, then worse, better, gone; each in the order of its report. A confidence counts as
// changed from ten percent points on.
std::vector<Change> compare(const std::vector<Trouble>& before, const std::vector<Trouble>& after);

// "new: …" lines, or "nothing has changed".
std::string changes_text(const std::vector<Change>& changes);

}  // namespace ngxdiag::tools

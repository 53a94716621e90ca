// When and how often was nginx reloaded, and were reloads refused?
// Facts: reloads.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kReloads;

// When nginx was reloaded, in the order in which the traces lie; without those that have no time.
std::vector<base::CivilTime> reload_times(const Digest& digest);
}  // namespace ngxdiag::analyze

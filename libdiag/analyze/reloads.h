// When and how often was nginx reloaded, and were reloads refused?
// Facts: reloads.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kReloads;
}

// Did children of nginx die, how, how often, and what did they say at their end?
// Facts: deaths.*, aborts.*, assertions.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kCrashes;
}

// Which shared memory zones did dead processes leave locked, and who owns them?
// Facts: zones.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kZones;
}

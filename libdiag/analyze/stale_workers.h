// Which old workers linger in `is shutting down`, for how long, and what do they hold?
// Facts: stale.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kStaleWorkers;
}

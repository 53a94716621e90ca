// Can the error log be believed, and what does it cover?
// Facts: log.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kLogQuality;
}

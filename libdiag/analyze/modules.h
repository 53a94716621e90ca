// Which modules are built in, configured and really loaded, and do these differ?
// Facts: modules.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kModules;
}

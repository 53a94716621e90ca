// Does the master belong to the service that administrators think it does? Facts: service.*
// (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kServiceManager;
}

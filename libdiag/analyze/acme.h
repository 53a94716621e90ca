// What did the ACME client do, and which challenges failed how?
// Facts: acme.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kAcme;
}

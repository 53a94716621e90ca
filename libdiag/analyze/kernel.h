// What does the kernel say of dead nginx processes?
// Facts: kernel.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kKernel;
}

// Which functions stand on the stacks that were captured?
// Facts: stack.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kStacks;
}

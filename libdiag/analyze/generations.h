// Whose workers came when, and what has become of them: one generation for each start or reload.
// Facts: generations.* (declared with their meaning in the source file). All are lists over the
// same generations, the present one first, so that they are read side by side.
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kGenerations;
}

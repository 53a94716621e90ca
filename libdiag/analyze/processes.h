// How many nginx processes are there, in which roles and states, against how many there should be?
// Facts: processes.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kProcesses;
}

// The one list of analyzers (analyzers() of analyzer.h), and who owns which witness.
#pragma once

#include "libdiag/analyze/analyzer.h"

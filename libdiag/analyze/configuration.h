// What does the configuration say? From nginx.conf with its includes, `nginx -T`, or fragments.
// Facts: config.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kConfiguration;
}

// Which nginx runs here, and how was it built? From `nginx -V` or the strings of the running
// binary. Facts: nginx.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kNginxBinary;
}

// When does each certificate end, on disk and as it is served?
// Facts: cert_ends.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kCertificateEnds;
}

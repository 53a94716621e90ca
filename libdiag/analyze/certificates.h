// Are the certificates sound that the configuration names, and are they the ones that are served?
// Facts: cert.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kCertificates;
}

// Do the settings of TLS and HTTP/2 do what they are there for? Facts: tls.* (declared with their
// meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kTlsSettings;
}

// Which ACME clients keep the certificates here, what starts them, and does anything make nginx
// read the new files? Facts: renewal.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kAcmeClients;
}

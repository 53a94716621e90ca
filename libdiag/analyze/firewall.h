// Does this host's packet filter let the web's ports in? Facts: firewall.* (declared with their
// meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kFirewall;
}

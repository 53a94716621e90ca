// Can names be resolved here, by libc at start and by nginx's own resolver? Facts: dns.* (declared
// with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kNameServers;
}

// Who holds the ports that nginx wants, and do local ports run out? Facts: sockets.* (declared with
// their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kSockets;
}

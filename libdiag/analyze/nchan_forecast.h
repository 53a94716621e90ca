// With nchan loaded: how many reloads are left until no new worker finds its slot?
// Facts: nchan.* (declared with their meaning in the source file).
#pragma once

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {
extern const Analyzer kNchanForecast;
}

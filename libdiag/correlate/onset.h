// What happened just before the first crash: a reload, a start, an upgrade, a package, log
// rotation. Facts: onset.*
#pragma once

#include "libdiag/correlate/correlator.h"

namespace ngxdiag::correlate {
extern const Correlator kOnset;
}

// What nginx was doing in the second at which a renewal or challenge failed. Facts: acme_moment.*
#pragma once

#include "libdiag/correlate/correlator.h"

namespace ngxdiag::correlate {
extern const Correlator kAcmeMoment;
}

// An old certificate is served although a newer one is on disk: why did nginx not take it?
// Facts: stale.*
#pragma once

#include "libdiag/correlate/correlator.h"

namespace ngxdiag::correlate {
extern const Correlator kStaleCertificate;
}

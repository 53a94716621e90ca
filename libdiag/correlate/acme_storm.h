// Renewals that failed while nginx could not serve: their cause is not at the ACME client.
// Facts: acme_storm.*
#pragma once

#include "libdiag/correlate/correlator.h"

namespace ngxdiag::correlate {
extern const Correlator kAcmeStorm;
}

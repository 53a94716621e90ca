// The one list of correlators (correlators() of correlator.h).
#pragma once

#include "libdiag/correlate/correlator.h"

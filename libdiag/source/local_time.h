// From the kernel's absolute time to the wall clock that nginx logs in.
#pragma once

#include <cstdint>

#include "libdiag/base/time.h"

namespace ngxdiag::source {

// The wall clock of this host's zone at `epoch` seconds since 1970 UTC.
base::CivilTime local_civil(int64_t epoch);

}  // namespace ngxdiag::source

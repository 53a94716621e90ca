// Checks that a condition cannot express: each function answers for one "detect" of rules/config/.
#pragma once

#include <string_view>

#include "libdiag/audit/check.h"

namespace ngxdiag::audit {

// The detector of that name, or null.
Detector detector(std::string_view name);

// One table per theme (detect_headers.cc, detect_servers.cc …), joined by detector().
struct NamedDetector {
  std::string_view name;
  Detector run;
};

}  // namespace ngxdiag::audit

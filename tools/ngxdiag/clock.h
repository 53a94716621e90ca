// The clock and the host name, which the library does not have: they are inputs of a diagnosis.
#pragma once

#include <string>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::tools {

struct Now {
  base::CivilTime civil = 0;  // the wall clock of the host that wrote the evidence
  std::string rfc3339;        // "2026-04-22T09:00:00+02:00"
};

Now now();

// From --now: RFC 3339, or "2026-04-22 09:00:00" (also without seconds, or the date alone) on this
// machine's clock. Throws base::UserError.
Now parse_now(std::string_view text);

std::string host_name();

}  // namespace ngxdiag::tools

// Times as people write them on a command line.
#pragma once

#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::tools {

// "2026-04-21 23:18" (also with '/', with 'T', with seconds, or the date alone), "23:18[:20]" of
// the day of `now`, "now", "today", "yesterday", "2h ago", "90 min ago", "3d ago". Throws
// base::UserError, naming `option`.
base::CivilTime parse_when(std::string_view text, base::CivilTime now, std::string_view option);

}  // namespace ngxdiag::tools

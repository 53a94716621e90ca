// --suppress and --baseline: the files in which the operator says what is known already.
#pragma once

#include <vector>

#include "libdiag/pipeline/suppress.h"
#include "tools/ngxdiag/command_line.h"

namespace ngxdiag::tools {

// From /etc/ngxdiag/suppressions.json where it is there, then each --suppress, then each
// --baseline. Throws base::UserError for a file that cannot be read or is not what it should be.
std::vector<pipeline::Suppression> known_troubles(const CommandLine& line);

}  // namespace ngxdiag::tools

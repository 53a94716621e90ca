// --suppress and --baseline: the files in which the operator says what is known already.
#pragma once

#include <vector>

#include "libdiag/pipeline/suppress.h"
#include "tools/ngxdiag/command_line.h"

namespace ngxdiag::tools {

// From /etc/ngxdiag/suppressions.json where it is there, then each --suppress, then each
// --baseline. Throws base::UserError for a file that cannot be read or is not what it should be.
std::vector<pipeline::Suppression> known_troubles(const CommandLine& line);

// The same without baselines.
std::vector<pipeline::Suppression> suppressions(const CommandLine& line);
// The text of a file that an option names. Throws base::UserError.
std::string read_named_file(const std::string& path);

}  // namespace ngxdiag::tools

// The help of the whole program: `ngxdiag --help`, and what `ngxdiag` alone prints on stderr.
#pragma once

#include <string>

#include "tools/ngxdiag/manual.h"

namespace ngxdiag::tools {

Manual program_manual();
std::string program_help();

}  // namespace ngxdiag::tools

// The help of the whole program: `ngxdiag --help`, and what `ngxdiag` alone prints on stderr.
#pragma once

#include <string>

namespace ngxdiag::tools {

std::string program_help();

}  // namespace ngxdiag::tools

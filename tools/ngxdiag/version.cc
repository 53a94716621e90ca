// ngxdiag version.
#include "tools/ngxdiag/command.h"
#include "tools/ngxdiag/command_line.h"
#include "tools/ngxdiag/output.h"

namespace ngxdiag::tools {

int run_version(const Arguments& arguments) {
  CommandLine("ngxdiag version", {}, arguments).at_most(0);
  print("ngxdiag " NGXDIAG_VERSION "\n");
  return kOk;
}

}  // namespace ngxdiag::tools

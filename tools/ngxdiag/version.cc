// ngxdiag version.
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"

namespace ngxdiag::tools {

Manual version_manual() {
  return {
      .name = "ngxdiag version",
      .synopsis = {""},
      .paragraphs = {"Prints the version."},
      .options = {{"help", 'h', "", "print this help"}},
      .sections = {},
      .exit_status = kPlainStatus,
      .examples = {{"ngxdiag version", "what is installed here"}},
  };
}

int run_version(const Arguments& arguments) {
  const Manual page = version_manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  line.at_most(0);
  if (asked_for_help(line, page)) return kOk;
  print("ngxdiag " NGXDIAG_VERSION "\n");
  return kOk;
}

}  // namespace ngxdiag::tools

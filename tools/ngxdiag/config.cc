// ngxdiag config: the settings of ngxdiag itself.
#include "libdiag/base/error.h"
#include "tools/ngxdiag/settings.h"

namespace ngxdiag::tools {

Manual config_manual() { return settings_manual(); }

int run_config(const Arguments& arguments) {
  if (is_settings_word(arguments)) return run_settings(arguments);
  const Manual page = config_manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  if (asked_for_help(line, page)) return kOk;
  throw base::UserError("what to do with the settings?", line.program(), {},
                        "one of: init, validate", "see: ngxdiag config --help");
}

}  // namespace ngxdiag::tools

#include "tools/ngxdiag/completion.h"

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {

Values values_of(const Option& option) {
  if (option.argument.empty()) return Values::kNothing;
  if (!option.values.empty())
    return option.argument.ends_with("=FILE") ? Values::kWordAndFile : Values::kWords;
  if (option.argument == "FILE") return Values::kFiles;
  if (option.argument == "DIR") return Values::kFolders;
  if (option.argument == "ID") return Values::kIds;
  return Values::kNothing;
}

Values arguments_of(const Manual& manual) {
  if (!manual.words.empty()) return Values::kWords;
  for (const std::string_view line : manual.synopsis) {
    if (line.find("FILE") != std::string_view::npos) return Values::kFiles;
    if (line.find("ID") != std::string_view::npos) return Values::kIds;
  }
  return Values::kNothing;
}

std::string completion(std::string_view shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "fish") return fish_completion();
  if (shell == "zsh") return zsh_completion();
  throw base::UserError("no completion for " + base::printable(shell), "ngxdiag help", {}, {},
                        "one of: " + std::string(kShells));
}

}  // namespace ngxdiag::tools

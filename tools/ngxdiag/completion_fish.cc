// The completion for fish: one `complete` a line.
#include "libdiag/base/text.h"
#include "tools/ngxdiag/completion.h"

namespace ngxdiag::tools {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// What follows the option or the argument: nothing, a list, or files.
std::string offer(Values values, std::string_view words) {
  switch (values) {
    case Values::kNothing: return "";
    case Values::kWords: return " -a " + quoted(words);
    case Values::kWordAndFile: {
      std::string pairs;
      for (const std::string_view word : base::split(words, ' '))
        pairs += (pairs.empty() ? "" : " ") + std::string(word) + "=";
      return " -a " + quoted(pairs);
    }
    case Values::kFiles: return " -F";
    case Values::kFolders: return " -a '(__fish_complete_directories)'";
    case Values::kIds: return " -a '(ngxdiag help --ids 2>/dev/null)'";
  }
  return "";
}

}  // namespace

std::string fish_completion() {
  std::string out =
      "# fish completion for ngxdiag: made by `ngxdiag help --completion fish`\n"
      "complete -c ngxdiag -f\n"
      "complete -c ngxdiag -n __fish_use_subcommand -l config -r -F -d 'settings of this file'\n"
      "complete -c ngxdiag -n __fish_use_subcommand -s h -l help -d 'print this help'\n"
      "complete -c ngxdiag -n __fish_use_subcommand -s V -l version -d 'print the version'\n";
  for (const Command& command : commands())
    out += "complete -c ngxdiag -n __fish_use_subcommand -a " + quoted(command.name) + " -d " +
           quoted(command.summary) + "\n";
  for (const Command& command : commands()) {
    const Manual manual = command.manual();
    const std::string begin =
        "complete -c ngxdiag -n '__fish_seen_subcommand_from " + std::string(command.name) + "'";
    std::string words;
    for (const std::string_view word : manual.words)
      words += (words.empty() ? "" : " ") + std::string(word);
    const std::string arguments = offer(arguments_of(manual), words);
    if (!arguments.empty()) out += begin + arguments + "\n";
    for (const Option& option : manual.options) {
      out += begin + (option.letter ? std::string(" -s ") + option.letter : "") + " -l " +
             std::string(option.name);
      const Values values = values_of(option);
      const bool files = values == Values::kFiles || values == Values::kWordAndFile;
      if (!option.argument.empty()) out += (files ? " -r" : " -x") + offer(values, option.values);
      out += " -d " + quoted(option.text) + "\n";
    }
  }
  return out;
}

}  // namespace ngxdiag::tools

// The completion for zsh, on its own _arguments.
#include "libdiag/base/text.h"
#include "tools/ngxdiag/completion.h"

namespace ngxdiag::tools {
namespace {

// Within single quotes, and within the [brackets] and :colons: of _arguments.
std::string safe(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string action(Values values, std::string_view words) {
  switch (values) {
    case Values::kNothing: return " ";
    case Values::kWords: return "(" + std::string(words) + ")";
    case Values::kWordAndFile: return " _ngxdiag_pair " + std::string(words);
    case Values::kFiles: return "_files";
    case Values::kFolders: return "_files -/";
    case Values::kIds: return "_ngxdiag_ids";
  }
  return " ";
}

std::string option_line(const Option& option) {
  const std::string name = "--" + std::string(option.name), text = "[" + safe(option.text) + "]";
  std::string end;
  if (!option.argument.empty())
    end = ":" + safe(option.argument) + ":" + action(values_of(option), option.values);
  std::string out = "'*" + name + (option.argument.empty() ? "" : "=") + text + end + "'";
  if (option.letter)
    out += " \\\n        '*-" + std::string(1, option.letter) +
           (option.argument.empty() ? "" : "+") + text + end + "'";
  return out;
}

}  // namespace

std::string zsh_completion() {
  std::string out =
      "#compdef ngxdiag\n# zsh completion for ngxdiag: made by `ngxdiag help --completion zsh`\n\n"
      "_ngxdiag_ids() {\n  local -a ids\n  ids=(${(f)\"$(ngxdiag help --ids 2>/dev/null)\"})\n"
      "  compadd -- $ids\n}\n\n"
      "_ngxdiag_pair() {\n  if compset -P '*='; then _files; else compadd -S = -- $argv; fi\n}\n\n"
      "_ngxdiag() {\n  local -a commands\n  local curcontext=$curcontext state line\n  "
      "commands=(\n";
  for (const Command& command : commands())
    out += "    '" + std::string(command.name) + ":" + safe(command.summary) + "'\n";
  out +=
      "  )\n"
      "  _arguments -C '--config=[settings of this file]:FILE:_files' '(- *)'{-h,--help}'[print "
      "this help]' '(- *)'{-V,--version}'[print the "
      "version]' '1: :->command' '*:: :->argument'\n"
      "  case $state in\n    command) _describe command commands ;;\n"
      "    argument)\n      curcontext=${curcontext%:*:*}:ngxdiag-$words[1]:\n      case $words[1] "
      "in\n";
  for (const Command& command : commands()) {
    const Manual manual = command.manual();
    out += "      " + std::string(command.name) + ") _arguments -s";
    for (const Option& option : manual.options) out += " \\\n        " + option_line(option);
    std::string words;
    for (const std::string_view word : manual.words)
      words += (words.empty() ? "" : " ") + std::string(word);
    const Values values = arguments_of(manual);
    if (values == Values::kWords)
      out += " \\\n        '1: :(" + words + ")' '*: :_ngxdiag_ids'";
    else if (values != Values::kNothing)
      out += " \\\n        '*: :" + action(values, words) + "'";
    out += " ;;\n";
  }
  return out + "      esac ;;\n  esac\n}\n\n_ngxdiag \"$@\"\n";
}

}  // namespace ngxdiag::tools

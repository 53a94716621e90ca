// The completion for bash. It needs nothing of the package bash-completion.
#include "libdiag/base/text.h"
#include "tools/ngxdiag/completion.h"

namespace ngxdiag::tools {
namespace {

// bash breaks a word at "=": --output json=FILE comes as the words --output, json, =, FILE. So what
// stands before the cursor's word is looked for beyond "=".
constexpr std::string_view kBegin =
    R"sh(# bash completion for ngxdiag: made by `ngxdiag help --completion bash`
_ngxdiag() {
  local current=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) option= part=
  local command= words= kind= arguments= options= first= i
  COMPREPLY=()
  [[ $current == = ]] && current= at=$COMP_CWORD
  if [[ ${COMP_WORDS[at]} == = ]]; then
    part=${COMP_WORDS[at - 1]}
    at=$((at - 2))
    if [[ $part != -* && ${COMP_WORDS[at]} == = ]]; then at=$((at - 1)); fi
    if [[ $part == -* ]]; then option=$part part=; else option=${COMP_WORDS[at]}; fi
  else
    option=${COMP_WORDS[at]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == --config ]]; then
      [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
      ((i++))
    elif [[ ${COMP_WORDS[i]} != -* ]]; then
      command=${COMP_WORDS[i]}
      break
    fi
  done
  case $command in
)sh";

constexpr std::string_view kEnd = R"sh(  esac
  if [[ -z $kind && $current == -* ]]; then
    kind=words words=$options
  elif [[ -z $kind ]]; then
    kind=$arguments
    if [[ $kind == words ]]; then
      if [[ -z $command || ${COMP_WORDS[COMP_CWORD - 1]} == "$command" ]]; then words=$first; else kind=ids; fi
    fi
  fi
  if [[ $kind == pair ]]; then
    if [[ -n $part ]]; then
      kind=files
    else
      kind=words
      words=${words// /= }=
      compopt -o nospace
    fi
  fi
  case $kind in
    words) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    ids) COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" help --ids 2>/dev/null)" -- "$current")) ;;
    files) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")) ;;
    folders) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")) ;;
  esac
}
complete -F _ngxdiag ngxdiag
)sh";

std::string kind_name(Values values) {
  switch (values) {
    case Values::kNothing: return "nothing";
    case Values::kWords: return "words";
    case Values::kWordAndFile: return "pair";
    case Values::kFiles: return "files";
    case Values::kFolders: return "folders";
    case Values::kIds: return "ids";
  }
  return "nothing";
}

}  // namespace

std::string bash_completion() {
  std::string out(kBegin);
  std::string names;
  for (const Command& command : commands())
    names += (names.empty() ? "" : " ") + std::string(command.name);
  out += "    '') arguments=words first='" + names +
         "' options='--config --help --version'\n      [[ $option == --config ]] && kind=files\n   "
         "   ;;\n";
  for (const Command& command : commands()) {
    const Manual manual = command.manual();
    std::string options, cases;
    for (const Option& option : manual.options) {
      const std::string spelling = "--" + std::string(option.name);
      options += (options.empty() ? "" : " ") + spelling;
      if (option.argument.empty()) continue;
      cases += "        " + spelling + (option.letter ? std::string("|-") + option.letter : "") +
               ") kind=" + kind_name(values_of(option));
      if (!option.values.empty()) cases += " words='" + std::string(option.values) + "'";
      cases += " ;;\n";
    }
    out += "    " + std::string(command.name) + ")\n      options='" + options +
           "'\n      arguments=" + kind_name(arguments_of(manual)) + "\n";
    if (!manual.words.empty()) {
      std::string words;
      for (const std::string_view word : manual.words)
        words += (words.empty() ? "" : " ") + std::string(word);
      out += "      first='" + words + "'\n";
    }
    if (!cases.empty()) out += "      case $option in\n" + cases + "      esac\n";
    out += "      ;;\n";
  }
  return out + std::string(kEnd);
}

}  // namespace ngxdiag::tools

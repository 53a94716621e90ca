// ngxdiag config init and ngxdiag config validate: the settings of ngxdiag itself.
#include <algorithm>
#include <filesystem>
#include <set>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/render/page.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/settings.h"

namespace ngxdiag::tools {
namespace {

constexpr size_t kWidth = 78;

// Sample of a value: the default or the first that is allowed, else what --help calls it.
std::string sample(const Option& option) {
  if (option.argument.empty()) return "no";
  const auto values = base::words(option.values);
  if (option.argument.ends_with("=FILE") && !values.empty())
    return std::string(values.front()) + "=/FILE";
  for (const std::string_view value : values)
    if (base::contains(option.text, std::string(value) + " (default)")) return std::string(value);
  if (!values.empty()) return std::string(values.front());
  if (option.argument == "FILE" || option.argument == "DIR")
    return "/" + std::string(option.argument);
  return std::string(option.argument);
}

void setting(std::string& out, const Option& option) {
  render::Page page(kWidth, false);
  std::string text(option.text);
  if (option.argument.empty()) text += " (yes or no)";
  page.paragraph(0, 0, {{text}});
  const std::string wrapped = page.take();
  std::string_view rest = wrapped;
  while (!rest.empty()) out += "# " + std::string(base::take_line(rest)) + "\n";
  out += "#" + std::string(option.name) + " = " + sample(option) + "\n\n";
}

int init(const CommandLine& line) {
  line.at_most(1);
  if (line.rest().empty() || line.rest()[0] == "-") {
    print(default_settings());
    return kOk;
  }
  const std::string& file = line.rest()[0];
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(file, error)))
    throw base::UserError("there is a file of that name already", base::printable(file), {}, {},
                          "nothing is overwritten: name another file");
  write_file(file, default_settings());
  complain("written: " + base::printable(file) + "\n");
  return kOk;
}

int validate(const CommandLine& line) {
  line.at_most(1);
  std::optional<SettingsText> settings;
  if (line.rest().empty())
    settings = read_settings();
  else
    settings = read_settings(line.rest()[0]);
  if (!settings) {
    print(std::string(kSettingsFile) + " does not exist: every setting has its default\n");
    return kOk;
  }
  const auto mistakes = settings_mistakes(settings->text, true);
  std::string out;
  for (const SettingsMistake& mistake : mistakes)
    out += base::printable(settings->where) + ":" + std::to_string(mistake.place.line) + ":" +
           std::to_string(mistake.place.column) + ": " + mistake.says +
           (mistake.help.empty() ? "" : "; " + mistake.help) + "\n";
  out += mistakes.empty() ? base::printable(settings->where) + ": no mistakes\n"
                          : base::plural(static_cast<int64_t>(mistakes.size()), "mistake") + "\n";
  print(out);
  return mistakes.empty() ? kOk : kWarning;
}

}  // namespace

Manual settings_manual() {
  return {
      .name = "ngxdiag config",
      .synopsis = {"init [FILE]", "validate [FILE]"},
      .paragraphs = {"The settings of ngxdiag itself. `init` prints a commented file in which "
                     "nothing is set, or writes it to FILE, which must not exist yet; `validate` "
                     "names every mistake in FILE (default: "
                     "/etc/ngxdiag/ngxdiag.conf) with its line and column."},
      .options = {{"help", 'h', "", "print this help"}},
      .sections = {},
      .exit_status = {"0   done; validate: no mistake", "1   validate: mistakes were found",
                      "64  wrong request, or a file that cannot be read",
                      "70  internal error of ngxdiag"},
      .examples = {{"ngxdiag config init /etc/ngxdiag/ngxdiag.conf", "begin"},
                   {"ngxdiag config validate", "after each change"}},
      .words = {std::begin(kSettingsWords), std::end(kSettingsWords)},
  };
}

std::string default_settings() {
  std::string out =
      "# Settings of ngxdiag: what stands here counts as if it were written on the\n"
      "# command line, and what is written there replaces it. Keys are the long options\n"
      "# of the commands; a line may be repeated where the option may. A value goes to\n"
      "# the end of its line. Check it with: ngxdiag config validate\n\n"
      "# For every command that has the option.\n[common]\n\n";
  std::set<std::string_view> common;
  for (const Option& option : shared_settings()) {
    common.insert(option.name);
    setting(out, option);
  }
  for (const Command& command : commands()) {
    std::string own;
    for (const Option& option : command.manual().options)
      if (can_be_set(option) && common.count(option.name) == 0) setting(own, option);
    if (!own.empty())
      out +=
          "# " + std::string(command.summary) + "\n[" + std::string(command.name) + "]\n\n" + own;
  }
  out.pop_back();
  return out;
}

bool is_settings_word(const Arguments& arguments) {
  return !arguments.empty() && std::find(std::begin(kSettingsWords), std::end(kSettingsWords),
                                         arguments.front()) != std::end(kSettingsWords);
}

int run_settings(const Arguments& arguments) {
  const Manual page = settings_manual();
  const std::string word = arguments.front();
  const CommandLine line("ngxdiag config " + word, page.options,
                         {arguments.begin() + 1, arguments.end()});
  if (asked_for_help(line, page)) return kOk;
  return word == "init" ? init(line) : validate(line);
}

}  // namespace ngxdiag::tools

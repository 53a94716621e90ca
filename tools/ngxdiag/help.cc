// ngxdiag help [COMMAND], the help of the whole program, and what the build makes from the same
// tables: manual pages and completions. Those options are for packagers; no help shows them.
#include <set>

#include "libdiag/base/builtin_data.h"
#include "tools/ngxdiag/completion.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/manual_page.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/program_help.h"
#include "tools/ngxdiag/report_options.h"

namespace ngxdiag::tools {
namespace {

const std::vector<Option> kMakerOptions = {
    {"manual-pages", 0, "DIR", ""},
    {"completion", 0, "SHELL", "", kShells},
    {"ids", 0, "", ""},
};

// The ids and components of the built-in rules and checks, from the names of their files: nothing
// has to be read.
void print_ids() {
  std::set<std::string> ids;
  for (const base::BuiltinFile& file : base::builtin_files()) {
    std::string_view path = file.path;
    if (!path.starts_with("rules/causes/") && !path.starts_with("rules/config/")) continue;
    for (const bool is_id : {true, false}) {
      const size_t slash = path.rfind('/');
      std::string_view name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
      if (is_id) name = name.substr(0, name.rfind('.'));
      ids.emplace(name);
      path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
  }
  std::string out;
  for (const std::string& id : ids) out += id + "\n";
  print(out);
}

}  // namespace

Manual program_manual() {
  static const std::vector<std::string> rows = [] {
    std::vector<std::string> out;
    for (const Command& command : commands())
      out.push_back(std::string(command.name) + "  " + std::string(command.summary));
    return out;
  }();
  return {
      .name = "ngxdiag",
      .synopsis = {"[--config FILE] COMMAND [OPTION]... [FILE]...", "COMMAND --help"},
      .paragraphs = {"Names why nginx is sick, from the live host or from captured files, with the "
                     "evidence and the commands that mend it. It only reads."},
      .options = {{"config", 0, "FILE",
                   "settings of this FILE, instead of NGXDIAG_CONFIG or /etc/ngxdiag/ngxdiag.conf"},
                  {"help", 'h', "", "print this help"},
                  {"version", 'V', "", "print the version"}},
      .sections = {{"COMMANDS", {rows.begin(), rows.end()}}},
      .exit_status = kVerdictStatus,
      .examples = {{"ngxdiag scan", "diagnose this host"},
                   {"ngxdiag scan error.log ps.txt", "diagnose what somebody sent"},
                   {"ngxdiag explain nchan-worker-slots-exhausted",
                    "what a finding means and what to do"},
                   {"ngxdiag scan --format json | jq '.findings[0].cause'", "for programs"}},
  };
}

std::string program_help() { return help_text(program_manual()); }

Manual help_manual() {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.name);
  return {
      .name = "ngxdiag help",
      .synopsis = {"[COMMAND]"},
      .paragraphs = {"Prints the help of a command, or of the whole program."},
      .options = {{"help", 'h', "", "print this help"}},
      .sections = {},
      .exit_status = kPlainStatus,
      .examples = {{"ngxdiag help scan", "the same as ngxdiag scan --help"}},
      .words = names,
  };
}

int run_help(const Arguments& arguments) {
  const Manual page = help_manual();
  const CommandLine line(std::string(page.name), join({page.options, kMakerOptions}), arguments);
  if (asked_for_help(line, page)) return kOk;
  line.at_most(1);
  if (const auto folder = line.value("manual-pages")) {
    write_manual_pages(*folder);
  } else if (const auto shell = line.value("completion")) {
    print(completion(*shell));
  } else if (line.has("ids")) {
    print_ids();
  } else if (!line.rest().empty()) {
    print(help_text(find_command(line.rest()[0]).manual()));
  } else {
    print(program_help());
  }
  return kOk;
}

}  // namespace ngxdiag::tools

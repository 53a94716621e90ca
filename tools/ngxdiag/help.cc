// ngxdiag help [COMMAND], and the help of the whole program.
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/program_help.h"

namespace ngxdiag::tools {

std::string program_help() {
  static const std::vector<std::string> rows = [] {
    std::vector<std::string> out;
    for (const Command& command : commands())
      out.push_back(std::string(command.name) + "  " + std::string(command.summary));
    return out;
  }();
  Manual page{
      .name = "ngxdiag",
      .synopsis = {"COMMAND [OPTION]... [FILE]...", "COMMAND --help"},
      .paragraphs = {"Names why nginx is sick, from the live host or from captured files, with the "
                     "evidence and the "
                     "commands that mend it. It only reads."},
      .options = {{"help", 'h', "", "print this help"}, {"version", 'V', "", "print the version"}},
      .sections = {{"COMMANDS", {rows.begin(), rows.end()}}},
      .exit_status = kVerdictStatus,
      .examples = {{"ngxdiag scan", "diagnose this host"},
                   {"ngxdiag scan error.log ps.txt", "diagnose what somebody sent"},
                   {"ngxdiag explain nchan-worker-slots-exhausted",
                    "what a finding means and what to do"},
                   {"ngxdiag scan --format json | jq '.findings[0].cause'", "for programs"}},
  };
  return help_text(page);
}

int run_help(const Arguments& arguments) {
  const CommandLine line("ngxdiag help", {{"help", 'h', "", ""}}, arguments);
  line.at_most(1);
  if (!line.rest().empty()) return find_command(line.rest()[0]).run({"--help"});
  print(program_help());
  return kOk;
}

}  // namespace ngxdiag::tools

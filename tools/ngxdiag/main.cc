// ngxdiag: names why nginx is sick. Options in, library call, exit code out.
#include <csignal>
#include <cstdlib>
#include <exception>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "tools/ngxdiag/command.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/program_help.h"
#include "tools/ngxdiag/settings.h"

namespace ngxdiag::tools {

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      {"scan", "diagnose this host, or the files given", run_scan, scan_manual},
      {"check", "one line for a monitoring system (Nagios, Icinga)", run_check, check_manual},
      {"report", "for a timer: what has changed, several formats, mail", run_report, report_manual},
      {"logs", "what error logs hold: when, which messages, whose lives", run_logs, logs_manual},
      {"explain", "what a log line, a cause, a rule or a zone means", run_explain, explain_manual},
      {"rules", "list, show, lint, test or begin rules", run_rules, rules_manual},
      {"analyze", "the facts that single analyzers find", run_analyze, analyze_manual},
      {"config", "check a configuration; settings of ngxdiag itself", run_config, config_manual},
      {"version", "print the version", run_version, version_manual},
      {"help", "print the help of a command", run_help, help_manual},
  };
  return kCommands;
}

const Command& find_command(std::string_view name) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (command.name == name) return command;
    names.emplace_back(command.name);
  }
  const std::string near = base::closest(name, names);
  throw base::UserError("unknown command " + base::printable(name), "ngxdiag", {},
                        near.empty() ? "" : "did you mean " + near + "?", "see: ngxdiag --help");
}

namespace {

std::string take_first(Arguments& arguments) {
  std::string first = std::move(arguments.front());
  arguments.erase(arguments.begin());
  return first;
}

}  // namespace
}  // namespace ngxdiag::tools

int main(int argc, char** argv) {
  using namespace ngxdiag::tools;
  // A reader that goes away (`ngxdiag scan | head`) ends the writing and nothing else.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    Arguments arguments(argv + (argc > 0), argv + argc);
    if (arguments.empty()) {
      complain(program_help());
      return kUsage;
    }
    std::string first = take_first(arguments);
    if (constexpr std::string_view kGiven = "--config="; first.starts_with(kGiven)) {
      arguments.insert(arguments.begin(), first.substr(kGiven.size()));
      first = "--config";
    }
    if (first == "--config" && arguments.size() >= 2) {
      ::setenv("NGXDIAG_CONFIG", take_first(arguments).c_str(), 1);
      first = take_first(arguments);
    }
    if (first == "--help" || first == "-h") return run_help({});
    if (first == "--version" || first == "-V") return run_version({});
    const Command& command = find_command(first);
    return command.run(with_settings(command, arguments));
  } catch (const ngxdiag::base::UserError& error) {
    complain(error.text());
    return kUsage;
  } catch (const std::exception& error) {
    complain("ngxdiag: internal error: " + ngxdiag::base::printable(error.what()) +
             "\n  please report it with the command that led here\n");
    return kInternal;
  }
}

// A subcommand of ngxdiag: what main.cc dispatches to, one file each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::tools {

// The exit codes, the same for every format (0 to 3 are the report's verdict).
inline constexpr int kOk = 0, kWarning = 1, kCritical = 2, kUnknown = 3, kUsage = 64,
                     kInternal = 70;

using Arguments = std::vector<std::string>;

struct Manual;

struct Command {
  std::string_view name;
  std::string_view summary;
  // The arguments after the command's name; the exit code. Throws base::UserError for a wrong
  // request.
  int (*run)(const Arguments& arguments);
  // What --help, the manual page and the shells' completions are made from.
  Manual (*manual)();
};

int run_scan(const Arguments& arguments);
Manual scan_manual();
int run_check(const Arguments& arguments);
Manual check_manual();
int run_logs(const Arguments& arguments);
Manual logs_manual();
int run_explain(const Arguments& arguments);
Manual explain_manual();
int run_report(const Arguments& arguments);
Manual report_manual();
int run_rules(const Arguments& arguments);
Manual rules_manual();
int run_analyze(const Arguments& arguments);
Manual analyze_manual();
int run_config(const Arguments& arguments);
Manual config_manual();
int run_version(const Arguments& arguments);
Manual version_manual();
int run_help(const Arguments& arguments);
Manual help_manual();

// All of them, in the order `ngxdiag --help` shows (main.cc).
const std::vector<Command>& commands();

// The command of that name; throws base::UserError with "did you mean".
const Command& find_command(std::string_view name);

}  // namespace ngxdiag::tools

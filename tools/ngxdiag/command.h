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

struct Command {
  std::string_view name;
  std::string_view summary;
  // The arguments after the command's name; the exit code. Throws base::UserError for a wrong
  // request.
  int (*run)(const Arguments& arguments);
};

int run_scan(const Arguments& arguments);
int run_check(const Arguments& arguments);
int run_logs(const Arguments& arguments);
int run_explain(const Arguments& arguments);
int run_rules(const Arguments& arguments);
int run_analyze(const Arguments& arguments);
int run_version(const Arguments& arguments);
int run_help(const Arguments& arguments);

// All of them, in the order `ngxdiag --help` shows (main.cc).
const std::vector<Command>& commands();

// The command of that name; throws base::UserError with "did you mean".
const Command& find_command(std::string_view name);

}  // namespace ngxdiag::tools

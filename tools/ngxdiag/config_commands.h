// The actions of `ngxdiag config` besides checking, one function each.
#pragma once

#include "libdiag/audit/check.h"
#include "tools/ngxdiag/command_line.h"

namespace ngxdiag::tools {

// All checks, as lines or with --format markdown as the page docs/config-checks.md.
int config_list(const CommandLine& line, const std::vector<audit::Check>& checks);
// ID: one check in words.
int config_show(const CommandLine& line, const std::vector<audit::Check>& checks);
// Runs the examples that the checks carry; 1 when one does not say what it should.
int config_test(const CommandLine& line, const std::vector<audit::Check>& checks);

// [FILE]: the configuration as JSON of crossplane's shape, with its includes.
int config_dump(const CommandLine& line, const std::vector<audit::Check>& checks);

}  // namespace ngxdiag::tools

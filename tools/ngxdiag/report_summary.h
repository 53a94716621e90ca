// ngxdiag report --summary: what the reports of a stretch of time say together.
#pragma once

#include "tools/ngxdiag/command_line.h"
#include "tools/ngxdiag/sendmail.h"

namespace ngxdiag::tools {

// Looks at the history alone. The exit code is that of the newest report in it, 3 without one.
int run_summary(const CommandLine& line, const Mailer& mailer);

}  // namespace ngxdiag::tools

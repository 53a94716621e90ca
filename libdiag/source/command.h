// The few programs whose output is evidence (journalctl, rpm): run without a shell, bounded in
// time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "libdiag/source/streams.h"

namespace ngxdiag::source {

// The standard output of `argv` (argv[0] an absolute path) as a stream, started when it is opened,
// in the C locale and with nothing on standard input. When `limit` is over, the program is ended
// and the stream says so in gap(). `what` names it there.
Opener command_output(std::vector<std::string> argv, std::chrono::milliseconds limit,
                      std::string what);

}  // namespace ngxdiag::source

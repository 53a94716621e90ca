// From one nginx's evidence to its digest: which configuration and which logs are its own, found
// from its command line, its binary and its configuration (never from /etc/nginx by assumption).
#pragma once

#include <string>
#include <vector>

#include "libdiag/analyze/digest.h"
#include "libdiag/model/pattern.h"
#include "libdiag/source/evidence.h"

namespace ngxdiag::analyze {

// What a master's command line sets (src/core/nginx.c, ngx_get_options): -p -c -e -g.
struct CommandLine {
  std::string prefix, conf, error_log, globals;
};
CommandLine parse_command_line(const std::vector<std::string>& argv);

// Reads everything there is of `instance` and of the host, once.
Digest gather_digest(const source::Evidence& evidence, const source::Instance& instance,
                     const std::vector<model::LinePattern>& patterns);

// Only what a configuration is judged by: itself, the binary, limits and modules. No log is read.
Digest gather_configuration(const source::Evidence& evidence, const source::Instance& instance);

}  // namespace ngxdiag::analyze

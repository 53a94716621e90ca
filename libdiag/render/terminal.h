// The report for a terminal: the verdict, the story of the likeliest cause, what to do, then the
// rest.
//   CRITICAL  No worker serves: every new worker dies at start.
// Made to be read at night: short, and every command on a line of its own, ready to paste.
#pragma once

#include <string>

#include "libdiag/model/report.h"

namespace ngxdiag::render {

struct TerminalOptions {
  size_t width = 80;  // commands and paths may be longer: they are never broken
  bool color = false;
  bool verbose =
      false;  // all evidence with weights and log lines, all candidates, the whole timeline
};

std::string render_terminal(const model::Report& report, const TerminalOptions& options);

// The verdict's word and sentence, and what has changed, alone (--quiet).
std::string render_verdict(const model::Report& report, const TerminalOptions& options);

}  // namespace ngxdiag::render

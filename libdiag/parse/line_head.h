// The head of an error-log line as nginx itself writes it, read in a few comparisons:
//   2026/04/21 23:18:20 [alert] 812#812: *7 message
// Anything else (framed, pasted, cut, strange spacing) is left to parse_error_line(), which gives
// the same for what is read here.
#pragma once

#include <cstdint>
#include <optional>

#include "libdiag/base/time.h"
#include "libdiag/parse/error_log.h"

namespace ngxdiag::parse {

struct LineHead {
  Level level = Level::kNone;
  bool connection = false;  // *N with an N other than 0
  bool new_time = false;    // another second than that of the line before
  int64_t pid = 0;
  base::CivilTime time = 0;
  uint32_t size = 0;  // how much of the line it is
};

class LineHeadReader {
 public:
  // False when the line has no such head. REQUIRES: 64 readable bytes from `line` on, whatever they
  // hold.
  bool read(const char* line, LineHead& head);

 private:
  bool read_time(const char* line);

  char stamp_[20] = {};  // of the last line: "2026/04/21 23:18:20 "
  base::CivilTime time_ = 0;
};

}  // namespace ngxdiag::parse

// Where in a large log the lines of a window of time lie, found by bisection instead of by reading.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "libdiag/base/time.h"
#include "libdiag/source/files.h"

namespace ngxdiag::analyze {

// Bytes of a log, from the beginning of a line to that of another or the end.
struct LogWindow {
  uint64_t from = 0, until = 0;
};

// The part of `stream` that holds all lines from `since` to before `until`, and a little more: two
// minutes of lines that came late. Empty when all has to be read: the log is small, cannot be read
// from anywhere (compressed, a pipe), its lines have no times of nginx's, or they do not rise (a
// clock that was set back, logs joined in another order): times are taken at 64 places to see that.
std::optional<LogWindow> find_window(source::ByteStream& stream,
                                     std::optional<base::CivilTime> since,
                                     std::optional<base::CivilTime> until);

// That part. `stream` must outlive it.
std::unique_ptr<source::ByteStream> part_of(source::ByteStream& stream, const LogWindow& window);

}  // namespace ngxdiag::analyze

// What a run of lines of an error log held, in the order of the lines: what the threads of a pass
// hand to the survey. Views point into the block that was read and into the classifier; both live
// until the digest was taken in.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "libdiag/base/time.h"
#include "libdiag/parse/error_log.h"
#include "libdiag/parse/message_class.h"

namespace ngxdiag::analyze {

// The clock of a log went back by more than a minute.
struct ClockStep {
  base::CivilTime from = 0, to = 0;
};

struct LogDigest {
  static constexpr size_t kLevels = 9;

  // All lines with one verdict within one minute.
  struct Message {
    std::vector<uint32_t> others;  // of an ambiguous one: all candidates
    uint32_t id = 0;               // index into the catalogue's entries
    uint32_t count = 0;
    base::CivilTime first = 0, last = 0;
    bool timed = false;
    parse::Level level = parse::Level::kNone;
    std::string_view example;  // the first of the lines
  };
  struct Minute {
    base::CivilTime start = 0;
    bool timed = false;
    std::array<uint32_t, kLevels> levels{};
    std::array<uint32_t, parse::kMaxClasses> classes{};  // of lines of level error and above
    std::vector<std::pair<int, uint32_t>> signals;       // deaths by signal
    uint32_t reloads = 0;
    uint32_t messages = 0;  // how many of `messages` belong to it, in order
  };
  // One line that tells of the beginning, a reload or the end of a process.
  struct Life {
    std::string_view subject;
    int64_t child = 0;
    int64_t pid = 0;  // who wrote it
    base::CivilTime time = 0;
    int number = 0;
    uint32_t writers = 0;  // how many of `writers` come before it
    parse::Life life = parse::Life::kNone;
    bool core = false, timed = false;
  };
  // What one process wrote, up to its death or the end of the digest.
  struct Writer {
    int64_t pid = 0;
    uint32_t lines = 0;
    base::CivilTime first = 0, last = 0;
    bool timed = false;
  };
  struct Field {
    std::string_view client, upstream, host;
  };
  // A line of the C library, without a time: "libc.assertion".
  struct Bare {
    std::string_view kind, text;
    base::CivilTime time = 0;
    bool timed = false;
  };

  int64_t lines = 0, identified = 0, ambiguous = 0, unknown = 0, continuation = 0, outside = 0;
  int64_t suspect = 0, clock_back = 0, too_long = 0;
  static constexpr size_t kMaxClockSteps = 16;
  std::vector<ClockStep> clock_steps;  // the first of them
  std::vector<Minute> minutes;
  std::vector<Message> messages;
  std::vector<Life> lives;
  std::vector<Writer> writers;
  std::vector<Field> fields;
  uint32_t field_weight = 1;  // each of `fields` stands for so many lines
  std::vector<std::string_view> unknown_texts;
  std::vector<Bare> bare;
  bool timed = false;
  base::CivilTime opening = 0;          // the time of the first record
  base::CivilTime first = 0, last = 0;  // of all times, the earliest and the latest

  void clear();
};

}  // namespace ngxdiag::analyze

// The inner loop of `ngxdiag logs`: what each line of a block of an error log is, counted into a
// digest. A line as nginx writes it takes the short way (line_head.h, line_masks.h,
// message_memory.h); any other is read by parse_error_line(), RecordTracker and
// MessageCatalogue::identify(), and so is every line whose short reading could differ from that.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "libdiag/analyze/log_digest.h"
#include "libdiag/base/time.h"
#include "libdiag/parse/error_log.h"
#include "libdiag/parse/line_head.h"
#include "libdiag/parse/line_masks.h"
#include "libdiag/parse/message_catalogue.h"
#include "libdiag/parse/message_memory.h"

namespace ngxdiag::analyze {

enum class LineVerdict : uint8_t { kIdentified, kAmbiguous, kUnknown, kContinuation, kOutside };

// What lines hand on to the lines after them.
struct LogState {
  parse::RecordTracker tracker;
  std::optional<base::CivilTime> time;  // of the last line within the window
  bool inside = true;                   // the last record lies within the window
};

// Of each line, for those who want them one by one.
struct ClassifiedLine {
  size_t index = 0;  // within the block
  std::string_view text;
  LineVerdict verdict = LineVerdict::kContinuation;
  bool suspect = false;
  const std::vector<uint32_t>* ids = nullptr;  // never null: candidates, of a record inside
  bool record = false;
};
using LineSink = std::function<void(const ClassifiedLine&)>;

class LogClassifier {
 public:
  // Lines from `since` to before `until` count, all of them when there is no bound.
  LogClassifier(std::optional<base::CivilTime> since, std::optional<base::CivilTime> until);

  // The lines of one block, the last with or without its line end. `every` is the distance of the
  // lines whose clients, upstreams and hosts are given. REQUIRES: LineMasks::kPadding readable
  // bytes around the block. Adds to an empty digest.
  void classify(std::string_view block, LogState& state, uint32_t every, LogDigest& out,
                const LineSink& sink = {});

 private:
  struct Tally {
    uint32_t count = 0;
    parse::Level level = parse::Level::kNone;
    base::CivilTime first = 0, last = 0;
    std::string_view example;
  };
  // A record whose head was read.
  struct Record {
    parse::Level level = parse::Level::kNone;
    bool timed = false;
    base::CivilTime time = 0;
    int64_t pid = 0;
    std::string_view line;
  };
  struct Context {
    std::string_view client, server, upstream, host;
  };

  bool quick_line(size_t start, size_t end);
  bool quick_context(size_t at, size_t end, Context& context) const;
  void slow_line(std::string_view text);
  void bare_line(std::string_view text);
  bool inside(base::CivilTime time) const;
  bool enter(const Record& record);  // false: outside the window
  uint32_t verdict_of(const std::vector<uint32_t>& found);
  void count(const Record& record, uint32_t verdict);
  void life(const Record& record, const parse::LifeLine& line);
  void writer(const Record& record);
  void field(std::string_view client, std::string_view upstream, std::string_view host);
  void end_minute();
  void tell(std::string_view text, LineVerdict verdict, uint32_t message = 0, bool record = false);

  static constexpr size_t kWriterSlots = 256;

  const parse::MessageCatalogue& catalogue_;
  std::optional<base::CivilTime> since_, until_;
  uint32_t unknown_;                         // the verdict behind the last id
  std::vector<std::vector<uint32_t>> sets_;  // candidates of the verdicts behind that
  std::map<std::vector<uint32_t>, uint32_t> set_at_;
  std::vector<Tally> tallies_;     // by verdict
  std::vector<uint8_t> class_of_;  // by verdict
  std::vector<uint32_t> touched_;  // verdicts of the minute
  std::vector<uint32_t> found_;
  parse::LineMasks masks_;
  parse::LineHeadReader heads_;
  parse::MessageMemory memory_;
  std::array<uint32_t, kWriterSlots> writer_at_{};  // index + 1

  // Of the block at hand.
  const char* block_ = nullptr;
  LogState* state_ = nullptr;
  LogDigest* out_ = nullptr;
  const LineSink* sink_ = nullptr;
  size_t index_ = 0;
  uint32_t every_ = 1, until_field_ = 1;
  LogDigest::Minute minute_;
  bool minute_open_ = false;
};

}  // namespace ngxdiag::analyze

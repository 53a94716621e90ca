// Forensics of error logs in one pass: what was logged when, which messages, by whom, for whom.
// Memory is bounded by the number of distinct messages and by fixed caps, never by the log's size.
// Every line is accounted for: identified, ambiguous, unknown, continuation or outside the window.
//   2026/04/21 23:18:20 [alert] 812#812: worker process 9 exited on signal 6
// counts for alert, for process.exited-on-signal, for signal 6 of its minute and ends the life
// of 9.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libdiag/analyze/log_digest.h"
#include "libdiag/analyze/log_pass.h"
#include "libdiag/analyze/space_saving.h"
#include "libdiag/model/gap.h"
#include "libdiag/parse/error_log.h"
#include "libdiag/parse/message_catalogue.h"
#include "libdiag/parse/message_class.h"
#include "libdiag/source/evidence.h"

namespace ngxdiag::analyze {

inline constexpr size_t kLevels = 9;

struct SurveyBucket {
  std::array<int64_t, kLevels> levels{};
  int64_t reloads = 0;
  std::map<int, int64_t> signals;  // deaths by signal
  // Lines of level error and above by what they tell of (parse/message_class.h).
  std::array<int64_t, parse::kMaxClasses> classes{};
  int64_t serious() const;  // error and above
  void add(const SurveyBucket& other);
};

struct SurveyMessage {
  std::string id;  // several joined by " | " when the text cannot tell them apart
  int64_t count = 0;
  parse::Level level = parse::Level::kNone;
  std::optional<base::CivilTime> first, last;
  std::string example;
};

// One process as the log knows it.
struct SurveyWorker {
  int64_t pid = 0;
  std::string role;  // "worker process"; "" unknown
  int generation = 0;
  int64_t lines = 0;
  std::optional<base::CivilTime> started, first, last, ended;
  std::string end;  // "signal 6", "code 0", "fatal code 2"; "" when the log does not say
};

struct SurveyBurst {
  base::CivilTime from = 0, until = 0;
  int64_t count = 0;
  std::string what;  // "error and above", "deaths"
};

struct SurveyEvent {
  std::string_view path;
  int64_t number = 0;
  const parse::ErrorLine* line = nullptr;
  const parse::MessageParts* parts = nullptr;
  const std::vector<uint32_t>* ids = nullptr;
  bool suspect = false;
};

struct Survey {
  int64_t lines = 0, identified = 0, ambiguous = 0, unknown = 0, continuation = 0, outside = 0;
  int64_t suspect = 0;     // of the continuation: lines that look like records inside another one
  int64_t clock_back = 0;  // times the clock went back by more than a minute
  std::vector<ClockStep> clock_steps;  // the first of them
  int64_t skipped_bytes = 0;  // outside the window, of logs that were searched instead of read
  std::optional<base::CivilTime> first, last;
  SurveyBucket total;
  int64_t bucket_seconds = 60;
  std::map<base::CivilTime, SurveyBucket> buckets;  // by their beginning
  std::vector<SurveyMessage> messages;              // the most frequent first
  std::vector<SpaceSaving::Item> unknown_texts;     // digits are #
  std::vector<SurveyWorker> workers;                // in order of appearance
  int64_t workers_dropped = 0, messages_dropped = 0;
  int generations = 0;
  std::vector<SurveyBurst> bursts;
  std::vector<SpaceSaving::Item> clients, upstreams, servers;
  // Each of these counts is exact only when false: of long logs every so many lines were looked at,
  // or there were more keys than are kept.
  bool involved_approximate = false;
  std::vector<std::string> documents;
  std::vector<model::Gap> gaps;
};

class LogSurvey {
 public:
  using OnEvent = std::function<void(const SurveyEvent&)>;
  // Told the bytes read so far now and then; false ends the pass.
  using OnProgress = std::function<bool(int64_t bytes)>;

  // `threads` 0: as many as there are processors. The result is the same for any number.
  LogSurvey(std::optional<base::CivilTime> since, std::optional<base::CivilTime> until,
            OnEvent on_event = {}, unsigned threads = 0);

  // Reads a document to its end. False when `on_progress` ended it.
  bool add(const source::Document& document, const OnProgress& on_progress = {});
  // One line of the document that was begun with begin().
  void begin(const std::string& path);
  void line(std::string_view text);

  Survey finish();

  // What the lines of one block held: all that is counted comes through here, in the log's order.
  void absorb(const LogDigest& digest);

 private:
  void absorb_messages(const LogDigest& digest);
  void absorb_lives(const LogDigest& digest);
  void absorb_writer(const LogDigest::Writer& writer);
  void absorb_life(const LogDigest::Life& life);
  SurveyMessage& message_of(const LogDigest::Message& message);
  SurveyBucket& bucket_of(base::CivilTime time);
  SurveyWorker* worker(int64_t pid);
  void forget(int64_t pid);
  void tell(const ClassifiedLine& line);

  OnEvent on_event_;
  LogPass pass_;
  LogClassifier single_;
  LogState state_;  // of line()
  Survey out_;
  SpaceSaving unknown_, clients_, upstreams_, servers_;
  std::map<std::string, SurveyMessage, std::less<>> texts_;  // of the C library
  std::map<std::vector<uint32_t>, SurveyMessage> groups_;    // ambiguous ones
  std::vector<int64_t> known_;                               // index + 1 into fast_ by id
  std::vector<SurveyMessage> fast_;
  std::unordered_map<int64_t, size_t> worker_at_;
  std::vector<uint64_t> has_worker_;  // one bit for each small pid: most have none
  std::optional<base::CivilTime> last_time_;
  std::optional<base::CivilTime> since_, until_;
  int64_t number_ = 0;
  int64_t bytes_ = 0;
};

// Documents in the order of their first times, so that error.log.2.gz comes before error.log.1.
// Those that cannot be looked into (standard input) keep their place.
void order_by_time(std::vector<source::Document>& documents);

}  // namespace ngxdiag::analyze

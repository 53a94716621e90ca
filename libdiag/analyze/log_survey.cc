#include "libdiag/analyze/log_survey.h"

#include <algorithm>
#include <memory>

#include "libdiag/analyze/log_window.h"
#include "libdiag/base/limits.h"
#include "libdiag/base/text.h"
#include "libdiag/source/recognise.h"
#include "libdiag/source/streams.h"

namespace ngxdiag::analyze {

using parse::Level;
using parse::Life;

namespace {

// Bounds of memory; none of them decides anything but how much detail is kept.
constexpr size_t kMaxBuckets = 10000;  // a week of minutes
constexpr size_t kMaxWorkers = 5000;
constexpr int64_t kSmallPids = 1 << 22;  // Linux gives no larger ones (PID_MAX_LIMIT)
constexpr size_t kSketch = 512;
constexpr size_t kTop = 20;
constexpr size_t kExampleBytes = 300;
constexpr size_t kUnknownBytes = 160;
constexpr size_t kPeek = 64u << 10;
// A bucket belongs to a burst when it holds this many times the median bucket, and at least so
// many.
constexpr int64_t kBurstFactor = 5;
constexpr int64_t kBurstLeast = 10;
// Fewer buckets than that are no background to compare with: it is taken to be silent.
constexpr int64_t kBackgroundBuckets = 3;

std::string masked(std::string_view text) {
  std::string out(text.substr(0, kUnknownBytes));
  for (char& c : out)
    if (c >= '0' && c <= '9') c = '#';
  return out;
}

int64_t bucket_start(base::CivilTime time, int64_t seconds) {
  const int64_t rest = time % seconds;
  return time - (rest < 0 ? rest + seconds : rest);
}

// A container's output and the journal hold lines of several programs and logs: the error log may
// be the smaller part, and begin late.
bool may_hold_errors(std::string_view head, model::Kind kind) {
  if (kind != model::Kind::kAccessLog && kind != model::Kind::kSystemd) return false;
  const std::string_view first = head.substr(0, head.find('\n'));
  if (parse::strip_frame(first).size() != first.size()) return true;
  while (!head.empty())
    if (const auto line = parse::parse_error_line(base::take_line(head)); line && line->time)
      return true;
  return false;
}

template <typename Count>
void find_bursts(const Survey& survey, const std::string& what, Count count,
                 std::vector<SurveyBurst>& out) {
  if (survey.buckets.empty()) return;
  std::vector<int64_t> counts;
  for (const auto& [start, bucket] : survey.buckets) counts.push_back(count(bucket));
  // Buckets in which nothing was logged count as 0.
  const int64_t span =
      (survey.buckets.rbegin()->first - survey.buckets.begin()->first) / survey.bucket_seconds + 1;
  const auto silent = static_cast<size_t>(span) - counts.size();
  int64_t median = 0;
  if (span >= kBackgroundBuckets && silent * 2 < static_cast<size_t>(span)) {
    const auto at = counts.begin() + static_cast<std::ptrdiff_t>(span / 2) -
                    static_cast<std::ptrdiff_t>(silent);
    std::nth_element(counts.begin(), at, counts.end());
    median = *at;
  }
  const int64_t bar = std::max(kBurstLeast, kBurstFactor * median);
  bool open = false;
  for (const auto& [start, bucket] : survey.buckets) {
    const int64_t number = count(bucket);
    if (number < bar) continue;
    open = open && out.back().until + survey.bucket_seconds >= start;
    if (!open) out.push_back({start, start, 0, what});
    open = true;
    out.back().until = start + survey.bucket_seconds;
    out.back().count += number;
  }
}

}  // namespace

int64_t SurveyBucket::serious() const {
  int64_t sum = 0;
  for (size_t i = static_cast<size_t>(Level::kEmerg); i <= static_cast<size_t>(Level::kError); ++i)
    sum += levels[i];
  return sum;
}

void SurveyBucket::add(const SurveyBucket& other) {
  for (size_t i = 0; i < levels.size(); ++i) levels[i] += other.levels[i];
  for (size_t i = 0; i < classes.size(); ++i) classes[i] += other.classes[i];
  reloads += other.reloads;
  for (const auto& [number, count] : other.signals) signals[number] += count;
}

LogSurvey::LogSurvey(std::optional<base::CivilTime> since, std::optional<base::CivilTime> until,
                     OnEvent on_event, unsigned threads)
    : on_event_(std::move(on_event)),
      pass_(threads, since, until),
      single_(since, until),
      unknown_(kSketch),
      clients_(kSketch),
      upstreams_(kSketch),
      servers_(kSketch),
      known_(parse::MessageCatalogue::builtin().entries().size()),
      has_worker_(kSmallPids / 64),
      since_(since),
      until_(until) {}

void LogSurvey::begin(const std::string& path) {
  out_.documents.push_back(path);
  state_ = {};
  state_.inside = !since_;
  number_ = 0;
}

bool LogSurvey::add(const source::Document& document, const OnProgress& on_progress) {
  model::Gap gap;
  const std::unique_ptr<source::ByteStream> stream = document.open ? document.open(gap) : nullptr;
  if (!stream) {
    if (gap.what.empty()) gap.what = document.path;
    out_.gaps.push_back(gap);
    return true;
  }
  const std::string head = source::read_some(*stream, kPeek);
  const model::Kind kind = document.kind.value_or(source::recognise_text(head, document.path));
  if (source::is_binary(head) || (kind != model::Kind::kErrorLog && kind != model::Kind::kUnknown &&
                                  !may_hold_errors(head, kind))) {
    out_.gaps.push_back({document.path, "is no error log: it was left out"});
    return true;
  }
  begin(document.path);
  int64_t too_long = 0;
  LineSink sink;
  if (on_event_) sink = [this](const ClassifiedLine& line) { tell(line); };
  const auto window = find_window(*stream, since_, until_);
  const auto part = window ? part_of(*stream, *window) : nullptr;
  if (window)
    out_.skipped_bytes += static_cast<int64_t>(stream->seekable_size()) -
                          static_cast<int64_t>(window->until - window->from);
  if (!window && stream->seekable_size() > 0) stream->seek(head.size());
  const bool goes_on = pass_.run(
      part ? std::string_view() : head, part ? *part : *stream,
      [&](const LogDigest& digest, int64_t bytes) {
        absorb(digest);
        too_long += digest.too_long;
        return !on_progress || on_progress(bytes_ + bytes);
      },
      sink);
  bytes_ += pass_.bytes();
  if (const auto fault = stream->gap()) out_.gaps.push_back(*fault);
  if (too_long > 0)
    out_.gaps.push_back({document.path, base::plural(too_long, "line") + " longer than " +
                                            std::to_string(base::kChunk >> 10) +
                                            " KiB: the rest was skipped"});
  return goes_on;
}

void LogSurvey::line(std::string_view text) {
  constexpr size_t kPadding = parse::LineMasks::kPadding;
  std::string padded(kPadding, '\0');
  padded.append(text).append(kPadding, '\0');
  LogDigest digest;
  if (text.empty()) {
    padded[kPadding] = '\n';
    text = "\n";
  }
  LineSink sink;
  if (on_event_) sink = [this](const ClassifiedLine& line) { tell(line); };
  single_.classify(std::string_view(padded).substr(kPadding, text.size()), state_, 1, digest, sink);
  absorb(digest);
}

void LogSurvey::tell(const ClassifiedLine& line) {
  ++number_;
  if (!line.record || line.suspect) return;
  const auto parsed = parse::parse_error_line(line.text);
  if (!parsed) return;
  const parse::MessageParts parts = parse::split_message(parsed->message);
  on_event_({out_.documents.empty() ? std::string_view() : out_.documents.back(), number_, &*parsed,
             &parts, line.ids, false});
}

void LogSurvey::absorb(const LogDigest& digest) {
  out_.lines += digest.lines;
  out_.identified += digest.identified;
  out_.ambiguous += digest.ambiguous;
  out_.unknown += digest.unknown;
  out_.continuation += digest.continuation;
  out_.outside += digest.outside;
  out_.suspect += digest.suspect;
  out_.clock_back += digest.clock_back;
  for (const ClockStep& step : digest.clock_steps)
    if (out_.clock_steps.size() < LogDigest::kMaxClockSteps) out_.clock_steps.push_back(step);
  if (digest.timed) {
    if (!out_.first || digest.first < *out_.first) out_.first = digest.first;
    if (!out_.last || digest.last > *out_.last) out_.last = digest.last;
  }
  absorb_messages(digest);
  absorb_lives(digest);
  for (const std::string_view text : digest.unknown_texts) unknown_.add(masked(text));
  out_.involved_approximate |= digest.field_weight > 1 && !digest.fields.empty();
  for (const LogDigest::Field& field : digest.fields) {
    clients_.add(field.client, digest.field_weight);
    upstreams_.add(field.upstream, digest.field_weight);
    servers_.add(field.host, digest.field_weight);
  }
}

void LogSurvey::absorb_messages(const LogDigest& digest) {
  size_t at = 0;
  for (const LogDigest::Minute& minute : digest.minutes) {
    SurveyBucket one;
    for (size_t i = 0; i < kLevels; ++i) one.levels[i] = minute.levels[i];
    for (size_t i = 0; i < one.classes.size(); ++i) one.classes[i] = minute.classes[i];
    one.reloads = minute.reloads;
    for (const auto& [number, count] : minute.signals) one.signals[number] = count;
    out_.total.add(one);
    if (minute.timed) bucket_of(minute.start).add(one);
    for (uint32_t i = 0; i < minute.messages; ++i) {
      const LogDigest::Message& message = digest.messages[at++];
      SurveyMessage& kept = message_of(message);
      if (kept.count == 0) {
        kept.level = message.level;
        kept.example = base::shorten(message.example, kExampleBytes);
        if (message.timed) kept.first = message.first;
      }
      kept.count += message.count;
      if (message.timed) kept.last = message.last;
    }
  }
  for (const LogDigest::Bare& bare : digest.bare) {
    const auto [place, fresh] = texts_.try_emplace("libc." + std::string(bare.kind));
    SurveyMessage& kept = place->second;
    const std::optional<base::CivilTime> time =
        bare.timed ? std::optional<base::CivilTime>(bare.time) : std::nullopt;
    if (fresh) {
      kept.id = place->first;
      kept.first = time;
      kept.example = base::shorten(bare.text, kExampleBytes);
    }
    ++kept.count;
    if (time) kept.last = time;
  }
}

SurveyMessage& LogSurvey::message_of(const LogDigest::Message& message) {
  const auto& entries = parse::MessageCatalogue::builtin().entries();
  if (message.others.empty()) {
    int64_t& at = known_[message.id];
    if (at == 0) {
      fast_.emplace_back();
      fast_.back().id = entries[message.id].id;
      at = static_cast<int64_t>(fast_.size());
    }
    return fast_[static_cast<size_t>(at) - 1];
  }
  const auto [place, fresh] = groups_.try_emplace(message.others);
  if (fresh)
    for (const uint32_t index : message.others)
      place->second.id += (place->second.id.empty() ? "" : " | ") + std::string(entries[index].id);
  return place->second;
}

SurveyBucket& LogSurvey::bucket_of(base::CivilTime time) {
  while (out_.buckets.size() > kMaxBuckets) {
    out_.bucket_seconds *= 2;
    std::map<base::CivilTime, SurveyBucket> wider;
    for (const auto& [start, bucket] : out_.buckets)
      wider[bucket_start(start, out_.bucket_seconds)].add(bucket);
    out_.buckets = std::move(wider);
  }
  return out_.buckets[bucket_start(time, out_.bucket_seconds)];
}

void LogSurvey::absorb_lives(const LogDigest& digest) {
  size_t writer = 0;
  for (const LogDigest::Life& life : digest.lives) {
    while (writer < life.writers) absorb_writer(digest.writers[writer++]);
    absorb_life(life);
  }
  while (writer < digest.writers.size()) absorb_writer(digest.writers[writer++]);
}

void LogSurvey::absorb_writer(const LogDigest::Writer& writer) {
  SurveyWorker* kept = worker(writer.pid);
  if (kept == nullptr) return;
  kept->lines += writer.lines;
  if (!writer.timed) return;
  if (!kept->first) kept->first = writer.first;
  kept->last = writer.last;
}

void LogSurvey::absorb_life(const LogDigest::Life& life) {
  const std::optional<base::CivilTime> time =
      life.timed ? std::optional<base::CivilTime>(life.time) : std::nullopt;
  switch (life.life) {
    case Life::kStartWorkers: ++out_.generations; break;
    case Life::kStartProcess:
      forget(life.child);  // the number begins a new life
      if (SurveyWorker* child = worker(life.child)) {
        child->role = life.subject;
        child->started = time;
      }
      break;
    case Life::kExitedOnSignal:
    case Life::kExitedWithCode:
    case Life::kExitedFatal:
      if (SurveyWorker* child = worker(life.child)) {
        child->role = life.subject;
        child->ended = time;
        child->end = (life.life == Life::kExitedOnSignal   ? "signal "
                      : life.life == Life::kExitedWithCode ? "code "
                                                           : "fatal code ") +
                     std::to_string(life.number);
        forget(life.child);
      }
      break;
    default: break;
  }
  if (life.life == Life::kStartWorkers || life.life == Life::kStartProcess ||
      life.life == Life::kReconfiguring || life.life == Life::kExitedOnSignal)
    if (SurveyWorker* writer = worker(life.pid)) writer->role = "master process";
}

SurveyWorker* LogSurvey::worker(int64_t pid) {
  if (pid == 0) return nullptr;
  const bool small = pid > 0 && pid < kSmallPids;
  const auto number = static_cast<size_t>(pid);
  if (!small || (has_worker_[number / 64] >> number % 64 & 1) != 0)
    if (const auto found = worker_at_.find(pid); found != worker_at_.end())
      return &out_.workers[found->second];
  if (out_.workers.size() >= kMaxWorkers) {
    ++out_.workers_dropped;
    return nullptr;
  }
  worker_at_.emplace(pid, out_.workers.size());
  if (small) has_worker_[number / 64] |= uint64_t{1} << number % 64;
  out_.workers.emplace_back();
  out_.workers.back().pid = pid;
  out_.workers.back().generation = out_.generations;
  return &out_.workers.back();
}

void LogSurvey::forget(int64_t pid) {
  worker_at_.erase(pid);
  if (pid > 0 && pid < kSmallPids)
    has_worker_[static_cast<size_t>(pid) / 64] &= ~(uint64_t{1} << static_cast<size_t>(pid) % 64);
}

Survey LogSurvey::finish() {
  out_.messages = std::move(fast_);
  for (auto& [ids, message] : groups_) out_.messages.push_back(std::move(message));
  for (auto& [id, message] : texts_) out_.messages.push_back(std::move(message));
  std::sort(out_.messages.begin(), out_.messages.end(),
            [](const SurveyMessage& a, const SurveyMessage& b) {
              return a.count != b.count ? a.count > b.count : a.id < b.id;
            });
  out_.unknown_texts = unknown_.top(kTop);
  out_.involved_approximate |= !clients_.exact() || !upstreams_.exact() || !servers_.exact();
  out_.clients = clients_.top(kTop);
  out_.upstreams = upstreams_.top(kTop);
  out_.servers = servers_.top(kTop);
  find_bursts(
      out_, "error and above", [](const SurveyBucket& bucket) { return bucket.serious(); },
      out_.bursts);
  find_bursts(
      out_, "deaths",
      [](const SurveyBucket& bucket) {
        int64_t sum = 0;
        for (const auto& [number, count] : bucket.signals) sum += count;
        return sum;
      },
      out_.bursts);
  return std::move(out_);
}

void order_by_time(std::vector<source::Document>& documents) {
  std::vector<std::pair<base::CivilTime, size_t>> order;
  base::CivilTime last = 0;
  for (size_t i = 0; i < documents.size(); ++i) {
    model::Gap ignored;
    const auto stream =
        documents[i].open && documents[i].path != "-" ? documents[i].open(ignored) : nullptr;
    const std::string head = stream ? source::read_some(*stream, kPeek) : std::string();
    std::string_view rest = head;
    while (!rest.empty())
      if (const auto line = parse::parse_error_line(base::take_line(rest)); line && line->time) {
        last = *line->time;
        break;
      }
    order.emplace_back(last, i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<source::Document> sorted;
  for (const auto& [time, index] : order) sorted.push_back(std::move(documents[index]));
  documents = std::move(sorted);
}

}  // namespace ngxdiag::analyze

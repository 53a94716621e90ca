#include "libdiag/analyze/log_survey.h"

#include <algorithm>
#include <memory>

#include "libdiag/base/limits.h"
#include "libdiag/base/text.h"
#include "libdiag/source/recognise.h"
#include "libdiag/source/streams.h"

namespace ngxdiag::analyze {

using parse::Level;
using parse::Life;

namespace {

// Bounds of memory; none of them decides anything but how much detail is kept.
constexpr size_t kMaxBuckets = 20000;
constexpr size_t kMaxWorkers = 5000;
constexpr size_t kMaxMessages = 4000;
constexpr size_t kSketch = 512;
constexpr size_t kTop = 20;
constexpr size_t kExampleBytes = 300;
constexpr size_t kUnknownBytes = 160;
constexpr size_t kPeek = 64u << 10;
constexpr int64_t kClockSlack = 60;  // seconds that writers of one log may differ by
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

// That of all candidates, or none.
uint8_t common_class(const std::vector<uint32_t>& candidates) {
  const auto& classes = parse::classes_of_entries();
  if (candidates.empty()) return 0;
  for (const uint32_t index : candidates)
    if (classes[index] != classes[candidates.front()]) return 0;
  return classes[candidates.front()];
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
                     OnEvent on_event)
    : since_(since),
      until_(until),
      on_event_(std::move(on_event)),
      unknown_(kSketch),
      clients_(kSketch),
      upstreams_(kSketch),
      servers_(kSketch),
      single_(parse::MessageCatalogue::builtin().entries().size()) {}

bool LogSurvey::inside(std::optional<base::CivilTime> time) const {
  if (!since_ && !until_) return true;
  if (!time) return last_inside_;
  return (!since_ || *time >= *since_) && (!until_ || *time < *until_);
}

void LogSurvey::begin(const std::string& path) {
  out_.documents.push_back(path);
  tracker_ = {};
  last_inside_ = !since_;
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
  std::string buffer(base::kChunk, '\0');
  size_t held = stream->read(buffer.data(), buffer.size());
  const std::string_view head(buffer.data(), held);
  const model::Kind kind = document.kind.value_or(source::recognise_text(head, document.path));
  if (source::is_binary(head) ||
      (kind != model::Kind::kErrorLog && kind != model::Kind::kUnknown)) {
    out_.gaps.push_back({document.path, "is no error log: it was left out"});
    return true;
  }
  begin(document.path);
  bool skipping = false, more = held > 0, goes_on = true;
  int64_t too_long = 0;
  bytes_ += static_cast<int64_t>(held);
  while (held > 0 && goes_on) {
    std::string_view rest(buffer.data(), held);
    for (size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;) {
      std::string_view text = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      if (skipping) {
        skipping = false;
        continue;
      }
      line(text.substr(0, base::kMaxLineBytes));
    }
    if (skipping) rest = {};
    if (rest.size() >= base::kMaxLineBytes || (!more && !rest.empty())) {
      skipping = rest.size() >= base::kMaxLineBytes;
      too_long += skipping;
      line(rest.substr(0, base::kMaxLineBytes));
      rest = {};
    }
    std::copy(rest.begin(), rest.end(), buffer.begin());
    held = rest.size();
    if (!more) break;
    const size_t got = stream->read(buffer.data() + held, buffer.size() - held);
    more = got > 0;
    held += got;
    bytes_ += static_cast<int64_t>(got);
    if (on_progress) goes_on = on_progress(bytes_);
  }
  if (const auto fault = stream->gap()) out_.gaps.push_back(*fault);
  if (too_long > 0)
    out_.gaps.push_back({document.path, base::plural(too_long, "line") + " longer than " +
                                            std::to_string(base::kMaxLineBytes >> 10) +
                                            " KiB: the rest was skipped"});
  return goes_on;
}

void LogSurvey::line(std::string_view text) {
  ++out_.lines;
  ++number_;
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  const bool begins = tracker_.begins_record(text);
  const auto parsed = parse::parse_error_line(text);
  if (!begins || !parsed) {
    if (!last_inside_) {
      ++out_.outside;
    } else if (parsed) {
      ++out_.continuation;
      ++out_.suspect;
    } else {
      bare_line(text);
    }
    return;
  }
  last_inside_ = inside(parsed->time);
  if (!last_inside_) {
    ++out_.outside;
    return;
  }
  if (parsed->time) {
    if (last_time_ && *parsed->time + kClockSlack < *last_time_) ++out_.clock_back;
    last_time_ = parsed->time;
    if (!out_.first || *parsed->time < *out_.first) out_.first = parsed->time;
    if (!out_.last || *parsed->time > *out_.last) out_.last = parsed->time;
  }
  const parse::MessageCatalogue& catalogue = parse::MessageCatalogue::builtin();
  catalogue.identify(parsed->level, parsed->message, found_);
  const parse::MessageParts parts = parse::split_message(parsed->message);
  if (found_.empty()) {
    ++out_.unknown;
    unknown_.add(masked(parts.text));
  } else if (found_.size() > 1) {
    ++out_.ambiguous;
    std::string key;
    for (const uint32_t index : found_)
      key += (key.empty() ? "" : " | ") + std::string(catalogue.entries()[index].id);
    count_message(*parsed, std::move(key));
  } else {
    ++out_.identified;
    int64_t& at = single_[found_[0]];
    if (at == 0) {
      fast_.emplace_back();
      at = static_cast<int64_t>(fast_.size());
      fast_.back().id = catalogue.entries()[found_[0]].id;
      fast_.back().level = parsed->level;
      fast_.back().first = parsed->time;
      fast_.back().example = base::shorten(text, kExampleBytes);
    }
    SurveyMessage& message = fast_[static_cast<size_t>(at) - 1];
    ++message.count;
    if (parsed->time) message.last = parsed->time;
  }
  clients_.add(parts.client);
  upstreams_.add(parts.upstream);
  servers_.add(parts.host.empty() ? parts.server : parts.host);
  life(*parsed, common_class(found_));
  if (on_event_)
    on_event_({out_.documents.empty() ? std::string_view() : out_.documents.back(), number_,
               &*parsed, &parts, &found_, false});
}

void LogSurvey::count_message(const parse::ErrorLine& line, std::string key) {
  auto found = messages_.find(key);
  if (found == messages_.end()) {
    if (messages_.size() >= kMaxMessages) {
      ++out_.messages_dropped;
      return;
    }
    SurveyMessage message;
    message.id = key;
    message.level = line.level;
    message.first = line.time;
    message.example = base::shorten(line.message, kExampleBytes);
    found = messages_.emplace(std::move(key), std::move(message)).first;
  }
  ++found->second.count;
  if (line.time) found->second.last = line.time;
}

// Lines of the C library without a time are messages of their own; others belong to the record
// before.
void LogSurvey::bare_line(std::string_view text) {
  std::string id;
  if (parse::parse_assertion(text))
    id = "libc.assertion";
  else if (const std::string_view kind = parse::abort_text_kind(text); !kind.empty())
    id = "libc." + std::string(kind);
  if (id.empty()) {
    ++out_.continuation;
    return;
  }
  ++out_.identified;
  parse::ErrorLine line;
  line.time = last_time_;
  line.message = text;
  count_message(line, std::move(id));
}

SurveyWorker* LogSurvey::worker(int64_t pid) {
  if (pid == 0) return nullptr;
  const auto found = worker_at_.find(pid);
  if (found != worker_at_.end()) return &out_.workers[found->second];
  if (out_.workers.size() >= kMaxWorkers) {
    ++out_.workers_dropped;
    return nullptr;
  }
  worker_at_.emplace(pid, out_.workers.size());
  out_.workers.emplace_back();
  out_.workers.back().pid = pid;
  out_.workers.back().generation = out_.generations;
  return &out_.workers.back();
}

void LogSurvey::life(const parse::ErrorLine& line, uint8_t message_class) {
  const parse::LifeLine life = parse::parse_life(line.message);
  count_time(line, life, message_class);
  if (life.life == Life::kStartWorkers) ++out_.generations;
  if (life.life == Life::kStartProcess) {
    worker_at_.erase(life.child);  // the number begins a new life
    if (SurveyWorker* child = worker(life.child)) {
      child->role = life.subject;
      child->started = line.time;
    }
  }
  if (life.life == Life::kExitedOnSignal || life.life == Life::kExitedWithCode ||
      life.life == Life::kExitedFatal) {
    if (SurveyWorker* child = worker(life.child)) {
      child->role = life.subject;
      child->ended = line.time;
      child->end = (life.life == Life::kExitedOnSignal   ? "signal "
                    : life.life == Life::kExitedWithCode ? "code "
                                                         : "fatal code ") +
                   std::to_string(life.number);
    }
    worker_at_.erase(life.child);
  }
  if (SurveyWorker* writer = worker(line.pid)) {
    ++writer->lines;
    if (life.life == Life::kStartWorkers || life.life == Life::kStartProcess ||
        life.life == Life::kReconfiguring || life.life == Life::kExitedOnSignal)
      writer->role = "master process";
    if (!writer->first) writer->first = line.time;
    writer->last = line.time;
  }
}

void LogSurvey::count_time(const parse::ErrorLine& line, const parse::LifeLine& life,
                           uint8_t message_class) {
  SurveyBucket one;
  ++one.levels[static_cast<size_t>(line.level)];
  if (line.level != Level::kNone && line.level <= Level::kError) one.classes[message_class] = 1;
  if (life.life == Life::kExitedOnSignal) one.signals[life.number] = 1;
  if (life.life == Life::kReconfiguring && life.number == 0) one.reloads = 1;
  out_.total.add(one);
  if (!line.time) return;
  out_.buckets[bucket_start(*line.time, out_.bucket_seconds)].add(one);
  while (out_.buckets.size() > kMaxBuckets) {
    out_.bucket_seconds *= 2;
    std::map<base::CivilTime, SurveyBucket> wider;
    for (const auto& [start, bucket] : out_.buckets)
      wider[bucket_start(start, out_.bucket_seconds)].add(bucket);
    out_.buckets = std::move(wider);
  }
}

Survey LogSurvey::finish() {
  out_.messages = std::move(fast_);
  for (auto& [key, message] : messages_) out_.messages.push_back(std::move(message));
  std::sort(out_.messages.begin(), out_.messages.end(),
            [](const SurveyMessage& a, const SurveyMessage& b) {
              return a.count != b.count ? a.count > b.count : a.id < b.id;
            });
  out_.unknown_texts = unknown_.top(kTop);
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

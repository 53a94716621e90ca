#include "libdiag/analyze/log_classifier.h"

#include <algorithm>
#include <cstring>

#include "libdiag/parse/scan.h"

namespace ngxdiag::analyze {

using parse::Level;
using parse::Life;
using Quotes = parse::LineMasks::Quotes;

namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kClockSlack = 60;   // seconds that writers of one log may differ by
constexpr size_t kShortestLine = 28;  // "2026/04/21 23:18:20 [warn] 1"
constexpr std::string_view kClient = ", client: ";
constexpr size_t kMarkInClient = 7;  // where the mark stands in it

int64_t minute_of(base::CivilTime time) {
  const int64_t rest = time % kMinute;
  return time - (rest < 0 ? rest + kMinute : rest);
}

bool holds(const char* at, std::string_view text) {
  return std::memcmp(at, text.data(), text.size()) == 0;
}

}  // namespace

void LogDigest::clear() {
  auto kept = std::move(*this);
  *this = LogDigest();
  kept.minutes.clear();
  kept.messages.clear();
  kept.lives.clear();
  kept.writers.clear();
  kept.fields.clear();
  kept.unknown_texts.clear();
  kept.bare.clear();
  minutes = std::move(kept.minutes);
  messages = std::move(kept.messages);
  lives = std::move(kept.lives);
  writers = std::move(kept.writers);
  fields = std::move(kept.fields);
  unknown_texts = std::move(kept.unknown_texts);
  bare = std::move(kept.bare);
}

LogClassifier::LogClassifier(std::optional<base::CivilTime> since,
                             std::optional<base::CivilTime> until)
    : catalogue_(parse::MessageCatalogue::builtin()),
      since_(since),
      until_(until),
      unknown_(static_cast<uint32_t>(catalogue_.entries().size())),
      tallies_(unknown_ + 1),
      class_of_(parse::classes_of_entries()) {
  class_of_.push_back(0);  // of what is unknown
}

void LogClassifier::classify(std::string_view block, LogState& state, uint32_t every,
                             LogDigest& out, const LineSink& sink) {
  block_ = block.data();
  state_ = &state;
  out_ = &out;
  sink_ = sink ? &sink : nullptr;
  index_ = 0;
  every_ = until_field_ = every;
  out.field_weight = every;
  writer_at_.fill(0);
  masks_.fill(block.data(), block.size());
  for (size_t start = 0; start < block.size(); ++index_) {
    const size_t end = masks_.next_newline(start);
    ++out.lines;
    if (!quick_line(start, end)) slow_line(block.substr(start, end - start));
    start = end + 1;
  }
  end_minute();
}

bool LogClassifier::inside(base::CivilTime time) const {
  return (!since_ || time >= *since_) && (!until_ || time < *until_);
}

// False when the line has to be read the long way. Nothing was counted then.
bool LogClassifier::quick_line(size_t start, size_t end) {
  const size_t limit = end;
  while (end > start && block_[end - 1] == '\r') --end;
  if (end - start < kShortestLine) return false;
  if (state_->tracker.open()) return false;
  const char* line = block_ + start;
  parse::LineHead head;
  if (!heads_.read(line, head) || head.size >= end - start) return false;

  const size_t body = start + head.size;
  size_t text_end = end;
  Context context;
  const size_t mark = masks_.next_mark(body, limit);
  const bool has_context = mark < limit;
  if (has_context) {
    text_end = mark - kMarkInClient;
    if (mark < body + kMarkInClient || !holds(block_ + text_end, kClient) ||
        masks_.next_mark(mark + 1, limit) < limit ||
        masks_.quotes(body, text_end) == Quotes::kOdd ||
        !quick_context(mark + kClient.size() - kMarkInClient, end, context))
      return false;
  } else if (parse::is_blank(block_[end - 1])) {
    return false;
  }
  // A record that nginx finished: RecordTracker::begins_record() would stay closed.
  if (const Quotes quotes = masks_.quotes(body, end); quotes != Quotes::kNone) {
    if (quotes == Quotes::kOdd ||
        (!has_context && head.connection && head.level >= Level::kCrit &&
         head.level <= Level::kWarn) ||
        (masks_.escapes() && std::memchr(line, '\\', end - start) != nullptr))
      return false;
  }

  const Record record{head.level, true, head.time, head.pid, {line, end - start}};
  if (!enter(record)) return true;
  const std::string_view text(block_ + body, text_end - body);
  parse::MessageMemory::Numbers numbers;
  uint32_t verdict = 0;
  if (const auto* known = memory_.find(head.level, text, has_context, numbers)) {
    verdict = known->verdict;
    count(record, verdict);
    if (known->life.varies)
      life(record, parse::parse_life(text));
    else if (known->life.life != Life::kNone)
      life(record, parse::life_line(known->life, numbers, text));
  } else {
    catalogue_.identify_text(head.level, text, has_context, found_);
    verdict = verdict_of(found_);
    count(record, verdict);
    if (memory_.wants()) {
      const bool fixed = !catalogue_.digits_matter(head.level, text);
      parse::LifeShape shape = has_context ? parse::LifeShape{} : parse::life_shape(text);
      if (!has_context) life(record, parse::parse_life(text));
      memory_.learn(head.level, text, has_context, fixed, {verdict, std::move(shape)});
    } else if (!has_context) {
      life(record, parse::parse_life(text));
    }
  }
  writer(record);
  if (verdict == unknown_)
    out_->unknown_texts.push_back(parse::split_message({line + head.size, end - body}).text);
  if (has_context && --until_field_ == 0) {
    until_field_ = every_;
    field(context.client, context.upstream, context.host.empty() ? context.server : context.host);
  }
  if (sink_)
    tell(record.line,
         verdict < unknown_    ? LineVerdict::kIdentified
         : verdict == unknown_ ? LineVerdict::kUnknown
                               : LineVerdict::kAmbiguous,
         verdict, true);
  return true;
}

// Fields from the client's address on, as nginx prints them and without a quote inside a value.
bool LogClassifier::quick_context(size_t at, size_t end, Context& context) const {
  int order = 0;
  std::string_view* value = &context.client;
  bool quoted = false;
  std::string_view unused;
  for (;;) {
    size_t stop = 0;
    if (quoted) {
      stop = masks_.next_quote(at, end);
      if (stop >= end) return false;
      *value = {block_ + at, stop - at};
      ++stop;
    } else {
      const std::string_view rest(block_ + at, end - at);
      const size_t comma = parse::find_first(rest, ", ");
      *value = rest.substr(0, comma);
      stop = at + value->size();
      if (masks_.next_quote(at, stop) < stop || value->empty()) return false;
      if (order == 0 && value->find(' ') != std::string_view::npos) return false;
    }
    if (stop == end) return true;
    if (end - stop < 16 || block_[stop] != ',' || block_[stop + 1] != ' ') return false;
    const char* name = block_ + stop + 2;
    const int before = order;
    size_t size = 0;
    quoted = true;
    if (holds(name, "server: ")) {
      order = 1;
      size = 8;
      value = &context.server;
      quoted = false;
    } else if (holds(name, "request: \"")) {
      order = 2;
      size = 10;
      value = &unused;
    } else if (holds(name, "upstream: \"")) {
      order = 4;
      size = 11;
      value = &context.upstream;
    } else if (holds(name, "host: \"")) {
      order = 5;
      size = 7;
      value = &context.host;
    } else if (holds(name, "referrer: \"")) {
      order = 6;
      size = 11;
      value = &unused;
    } else if (holds(name, "subrequest: \"")) {
      order = 3;
      size = 13;
      value = &unused;
    } else {
      return false;
    }
    if (order <= before) return false;
    at = stop + 2 + size;
    if (at > end) return false;
  }
}

void LogClassifier::slow_line(std::string_view text) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  const bool begins = state_->tracker.begins_record(text);
  const auto parsed = parse::parse_error_line(text);
  if (!begins || !parsed) {
    if (!state_->inside) {
      ++out_->outside;
      if (sink_) tell(text, LineVerdict::kOutside);
    } else if (parsed) {
      ++out_->continuation;
      ++out_->suspect;
      if (sink_) tell(text, LineVerdict::kContinuation, 0, true);
    } else {
      bare_line(text);
    }
    return;
  }
  const Record record{parsed->level, parsed->time.has_value(), parsed->time.value_or(0),
                      parsed->pid, text};
  if (!enter(record)) return;
  catalogue_.identify(parsed->level, parsed->message, found_);
  const uint32_t verdict = verdict_of(found_);
  count(record, verdict);
  life(record, parse::parse_life(parsed->message));
  writer(record);
  const parse::MessageParts parts = parse::split_message(parsed->message);
  if (verdict == unknown_) out_->unknown_texts.push_back(parts.text);
  if (!parts.client.empty() && --until_field_ == 0) {
    until_field_ = every_;
    field(parts.client, parts.upstream, parts.host.empty() ? parts.server : parts.host);
  }
  if (sink_)
    tell(text,
         verdict < unknown_    ? LineVerdict::kIdentified
         : verdict == unknown_ ? LineVerdict::kUnknown
                               : LineVerdict::kAmbiguous,
         verdict, true);
}

// Lines of the C library without a time are messages of their own; others belong to the record
// before.
void LogClassifier::bare_line(std::string_view text) {
  std::string_view kind;
  if (parse::parse_assertion(text))
    kind = "assertion";
  else
    kind = parse::abort_text_kind(text);
  if (kind.empty()) {
    ++out_->continuation;
    if (sink_) tell(text, LineVerdict::kContinuation);
    return;
  }
  ++out_->identified;
  out_->bare.push_back({kind, text, state_->time.value_or(0), state_->time.has_value()});
  if (sink_) tell(text, LineVerdict::kIdentified, unknown_);
}

bool LogClassifier::enter(const Record& record) {
  if (record.timed) {
    if (state_->time && *state_->time == record.time && minute_open_ && minute_.timed) {
      state_->inside = true;  // as the last line that counted
      return true;
    }
    state_->inside = inside(record.time);
  } else if (!since_ && !until_) {
    state_->inside = true;
  }
  if (!state_->inside) {
    ++out_->outside;
    if (sink_) tell(record.line, LineVerdict::kOutside);
    return false;
  }
  const base::CivilTime start = record.timed ? minute_of(record.time) : 0;
  if (record.timed) {
    if (state_->time && record.time + kClockSlack < *state_->time) {
      ++out_->clock_back;
      if (out_->clock_steps.size() < LogDigest::kMaxClockSteps)
        out_->clock_steps.push_back({*state_->time, record.time});
    }
    state_->time = record.time;
    if (!out_->timed) out_->opening = out_->first = out_->last = record.time;
    out_->timed = true;
    out_->first = std::min(out_->first, record.time);
    out_->last = std::max(out_->last, record.time);
  }
  if (!minute_open_ || minute_.timed != record.timed || minute_.start != start) {
    end_minute();
    minute_ = {start, record.timed, {}, {}, {}, 0, 0};
    minute_open_ = true;
  }
  return true;
}

uint32_t LogClassifier::verdict_of(const std::vector<uint32_t>& found) {
  if (found.empty()) return unknown_;
  if (found.size() == 1) return found[0];
  const auto [place, fresh] =
      set_at_.try_emplace(found, unknown_ + 1 + static_cast<uint32_t>(sets_.size()));
  if (fresh) {
    sets_.push_back(found);
    tallies_.emplace_back();
    // That of all candidates, or none.
    const auto& classes = parse::classes_of_entries();
    uint8_t common = classes[found.front()];
    for (const uint32_t index : found)
      if (classes[index] != common) common = 0;
    class_of_.push_back(common);
  }
  return place->second;
}

void LogClassifier::count(const Record& record, uint32_t verdict) {
  ++minute_.levels[static_cast<size_t>(record.level)];
  if (record.level != Level::kNone && record.level <= Level::kError)
    ++minute_.classes[class_of_[verdict]];
  if (verdict == unknown_) {
    ++out_->unknown;
    return;
  }
  Tally& tally = tallies_[verdict];
  if (tally.count++ == 0) {
    tally.level = record.level;
    tally.first = record.time;
    tally.example = record.line;
    touched_.push_back(verdict);
  }
  tally.last = record.time;
}

void LogClassifier::end_minute() {
  if (!minute_open_) return;
  for (const uint32_t verdict : touched_) {
    Tally& tally = tallies_[verdict];
    auto& message = out_->messages.emplace_back();
    if (verdict > unknown_) {
      message.others = sets_[verdict - unknown_ - 1];
      message.id = message.others[0];
      out_->ambiguous += tally.count;
    } else {
      message.id = verdict;
      out_->identified += tally.count;
    }
    message.count = tally.count;
    message.first = tally.first;
    message.last = tally.last;
    message.timed = minute_.timed;
    message.level = tally.level;
    message.example = tally.example;
    tally.count = 0;
  }
  minute_.messages = static_cast<uint32_t>(touched_.size());
  touched_.clear();
  out_->minutes.push_back(std::move(minute_));
  minute_open_ = false;
}

void LogClassifier::life(const Record& record, const parse::LifeLine& line) {
  switch (line.life) {
    case Life::kExitedOnSignal: {
      auto& signals = minute_.signals;
      size_t i = 0;
      while (i < signals.size() && signals[i].first != line.number) ++i;
      if (i == signals.size()) signals.emplace_back(line.number, 0);
      ++signals[i].second;
      break;
    }
    case Life::kReconfiguring: minute_.reloads += line.number == 0; break;
    case Life::kExitedWithCode:
    case Life::kExitedFatal:
    case Life::kSignalProcess:
    case Life::kStartWorkers:
    case Life::kStartProcess:
    case Life::kStarted:
    case Life::kGraceful:
    case Life::kExiting:
    case Life::kExit:
    case Life::kUpgrade: break;
    default: return;
  }
  out_->lives.push_back({line.subject, line.child, record.pid, record.time, line.number,
                         static_cast<uint32_t>(out_->writers.size()), line.life, line.core,
                         record.timed});
  // What the number writes from here on may be another life's.
  uint32_t& slot = writer_at_[static_cast<size_t>(line.child) % kWriterSlots];
  if (slot != 0 && out_->writers[slot - 1].pid == line.child) slot = 0;
}

void LogClassifier::writer(const Record& record) {
  if (record.pid == 0) return;
  uint32_t& slot = writer_at_[static_cast<size_t>(record.pid) % kWriterSlots];
  if (slot == 0 || out_->writers[slot - 1].pid != record.pid) {
    out_->writers.push_back({record.pid, 0, record.time, record.time, record.timed});
    slot = static_cast<uint32_t>(out_->writers.size());
  }
  LogDigest::Writer& writer = out_->writers[slot - 1];
  ++writer.lines;
  if (record.timed) {
    if (!writer.timed) writer.first = record.time;
    writer.timed = true;
    writer.last = record.time;
  }
}

void LogClassifier::field(std::string_view client, std::string_view upstream,
                          std::string_view host) {
  out_->fields.push_back({client, upstream, host});
}

void LogClassifier::tell(std::string_view text, LineVerdict verdict, uint32_t message,
                         bool record) {
  static const std::vector<uint32_t> kNone;
  static thread_local std::vector<uint32_t> one(1);
  const std::vector<uint32_t>* ids = &kNone;
  if (verdict == LineVerdict::kIdentified && record) {
    one[0] = message;
    ids = &one;
  } else if (verdict == LineVerdict::kAmbiguous) {
    ids = &sets_[message - unknown_ - 1];
  }
  (*sink_)({index_, text, verdict, record && verdict == LineVerdict::kContinuation, ids, record});
}

}  // namespace ngxdiag::analyze

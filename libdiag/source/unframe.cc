#include "libdiag/source/unframe.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "libdiag/base/limits.h"
#include "libdiag/base/time.h"
#include "libdiag/source/journal_export.h"
#include "libdiag/source/log_record.h"
#include "libdiag/source/streams.h"
#include "libdiag/source/utf16.h"

namespace ngxdiag::source {
namespace {

constexpr size_t kHead = 8u << 10;
// JSON writes a byte as six in the worst case.
constexpr size_t kMaxRawLine = 6 * base::kMaxLineBytes + (4u << 10);
constexpr size_t kMaxPending = 16;  // streams with an unfinished line
// Zones differ by quarters of an hour; what a line waits in a pipe is far less than half of that.
constexpr int64_t kZoneStep = 900;
constexpr int64_t kMostOffset = 14 * 3600;
constexpr int64_t kMostDelay = 120;
// A hole of NULs is skipped up to that; more is no log.
constexpr uint64_t kMaxHole = 4ull << 30;

bool is_dated(std::string_view text) {
  return text.size() >= 19 && text[4] == '/' && text[7] == '/' && text[10] == ' ' &&
         text[13] == ':' && base::parse_civil(text.substr(0, 19));
}

class Unframer {
 public:
  explicit Unframer(Framing framing) : framing_(framing) {}

  void feed(std::string_view bytes, std::string& out) {
    if (framing_ == Framing::kJournalExport)
      return journal_.feed(bytes, [&](LogRecord record) { emit(std::move(record), out); });
    while (!bytes.empty()) {
      const size_t end = bytes.find('\n');
      const size_t room = kMaxRawLine - std::min(line_.size(), kMaxRawLine);
      line_.append(bytes.substr(0, std::min(end, room)));
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end + 1);
      line(out);
      line_.clear();
    }
  }

  void finish(std::string& out) {
    if (framing_ == Framing::kJournalExport)
      journal_.finish([&](LogRecord record) { emit(std::move(record), out); });
    else if (!line_.empty())
      line(out);
    for (auto& [stream, record] : pending_) write(record, out);
    pending_.clear();
  }

  int64_t offset() const { return offset_; }
  void set_offset(int64_t seconds) { offset_ = seconds; }

 private:
  void line(std::string& out) {
    auto record = framing_ == Framing::kJson ? json_record(line_) : cri_record(line_);
    if (record) return emit(*std::move(record), out);
    out += line_;
    out += '\n';
  }

  void emit(LogRecord record, std::string& out) {
    const std::string key = record.stream + '\t' + record.program;
    const auto before = pending_.find(key);
    if (before != pending_.end()) {
      if (framing_ != Framing::kJournalExport) out += '\n';
      LogRecord whole = std::move(before->second);
      const size_t room =
          base::kMaxLineBytes + 1 - std::min(whole.text.size(), base::kMaxLineBytes + 1);
      whole.text.append(record.text, 0, room);
      whole.partial = record.partial;
      pending_.erase(before);
      record = std::move(whole);
    }
    if (record.partial && pending_.size() < kMaxPending) {
      pending_.emplace(key, std::move(record));
      return;
    }
    write(record, out);
  }

  void write(const LogRecord& record, std::string& out) {
    if (record.utc && is_dated(record.text)) learn(*record.utc, record.text);
    const std::string prefix = prefix_of(record);
    std::string_view text = record.text;
    do {
      const size_t end = text.find('\n');
      out += prefix;
      out += text.substr(0, end);
      out += '\n';
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    } while (!text.empty());
  }

  std::string prefix_of(const LogRecord& record) const {
    const bool journal = record.utc && !record.program.empty();
    std::string out;
    if (record.utc) {
      out = base::format_civil(*record.utc + offset_, 'T') + record.fraction;
      out += journal ? "+00:00 " : "Z ";
    }
    if (journal) {
      if (!record.host.empty()) out += record.host + ' ';
      out += record.program;
      if (record.pid > 0) out += '[' + std::to_string(record.pid) + ']';
      return out + ": ";
    }
    if (record.utc && !record.stream.empty()) out += record.stream + " F ";
    return out;
  }

  void learn(base::CivilTime utc, std::string_view text) {
    const int64_t apart = *base::parse_civil(text.substr(0, 19)) - utc;
    const int64_t steps = (apart + (apart < 0 ? -kZoneStep : kZoneStep) / 2) / kZoneStep;
    const int64_t offset = steps * kZoneStep;
    if (std::abs(offset) <= kMostOffset && std::abs(apart - offset) <= kMostDelay) offset_ = offset;
  }

  Framing framing_;
  JournalExport journal_;
  std::string line_;
  std::map<std::string, LogRecord> pending_;
  int64_t offset_ = 0;
};

class UnframedStream : public ByteStream {
 public:
  UnframedStream(std::unique_ptr<ByteStream> raw, Framing framing)
      : raw_(std::move(raw)), unframer_(framing) {
    const std::string head = read_some(*raw_, base::kChunk);
    Unframer trial(framing);
    std::string ignored;
    trial.feed(head, ignored);
    unframer_.set_offset(trial.offset());
    unframer_.feed(head, ready_);
  }

  size_t read(char* out, size_t size) override {
    while (at_ == ready_.size() && !ended_) fill();
    const size_t count = std::min(size, ready_.size() - at_);
    if (count) std::memcpy(out, ready_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::optional<model::Gap> gap() const override { return raw_->gap(); }

 private:
  void fill() {
    ready_.clear();
    at_ = 0;
    std::string bytes(base::kChunk, '\0');
    const size_t got = raw_->read(bytes.data(), bytes.size());
    ended_ = got == 0;
    if (ended_)
      unframer_.finish(ready_);
    else
      unframer_.feed(std::string_view(bytes).substr(0, got), ready_);
  }

  std::unique_ptr<ByteStream> raw_;
  Unframer unframer_;
  std::string ready_;
  size_t at_ = 0;
  bool ended_ = false;
};

// Without the hole when a log's line follows it; as it was when not.
std::unique_ptr<ByteStream> without_hole(std::string head, std::unique_ptr<ByteStream> raw) {
  uint64_t hole = 0;
  for (;;) {
    const size_t text = head.find_first_not_of('\0');
    hole += std::min(text, head.size());
    if (text != std::string::npos || head.empty() || hole > kMaxHole) {
      head.erase(0, std::min(text, head.size()));
      break;
    }
    head = read_some(*raw, base::kChunk);
  }
  if (!is_dated(head)) head.insert(0, static_cast<size_t>(std::min<uint64_t>(hole, kHead)), '\0');
  return prefixed_stream(std::move(head), std::move(raw), true);
}

}  // namespace

Framing framing_of(std::string_view head) {
  if (begins_journal_export(head)) return Framing::kJournalExport;
  const size_t start = head.find_first_not_of("\r\n");
  if (start == std::string_view::npos) return Framing::kNone;
  const std::string_view rest = head.substr(start);
  const std::string_view line = rest.substr(0, rest.find('\n'));
  if (line[0] == '{' && json_record(line)) return Framing::kJson;
  return cri_record(line) ? Framing::kCri : Framing::kNone;
}

std::unique_ptr<ByteStream> unframed(std::unique_ptr<ByteStream> raw) {
  std::string head = read_some(*raw, kHead);
  if (is_utf16(head)) {
    raw = utf16_to_utf8(prefixed_stream(std::move(head), std::move(raw)));
    head = read_some(*raw, kHead);
  }
  const bool marked = head.starts_with("\xef\xbb\xbf");
  if (marked) head.erase(0, 3);
  if (head.starts_with('\0')) return without_hole(std::move(head), std::move(raw));
  const Framing framing = framing_of(head);
  auto whole = prefixed_stream(std::move(head), std::move(raw), marked);
  if (framing == Framing::kNone) return whole;
  return std::make_unique<UnframedStream>(std::move(whole), framing);
}

}  // namespace ngxdiag::source

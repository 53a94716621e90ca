#include "libdiag/analyze/log_blocks.h"

#include <algorithm>
#include <cstring>

#include "libdiag/base/limits.h"
#include "libdiag/parse/error_log.h"
#include "libdiag/parse/line_masks.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::analyze {
namespace {

constexpr size_t kPadding = parse::LineMasks::kPadding;
constexpr size_t kBlock = base::kChunk;
// Of a line that fills a block and does not end in it.
constexpr size_t kKeptOfLine = base::kMaxLineBytes;
// A trace is seldom longer; within a longer one the next block waits for this one.
constexpr int kMostLinesBack = 64;

bool begins_with_stamp(std::string_view line) {
  static constexpr std::string_view kShape = "dddd/dd/dd dd:dd:dd [";
  if (line.size() < kShape.size()) return false;
  for (size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] == 'd' ? !parse::is_digit(line[i]) : line[i] != kShape[i]) return false;
  return true;
}

}  // namespace

std::string_view LogBlock::text() const {
  return bytes_.empty() ? std::string_view() : std::string_view(bytes_.data() + kPadding, size_);
}

LogBlocks::LogBlocks(std::string_view head, source::ByteStream& stream)
    : stream_(stream), head_(head) {}

// How much of `text`, whose end was not reached yet, makes a block. 0: there is no line end.
size_t LogBlocks::find_cut(std::string_view text, bool& stands_alone) const {
  const size_t last = text.rfind('\n');
  if (last == std::string_view::npos) return 0;
  stands_alone = true;
  size_t start = last + 1, end = text.size();
  for (int i = 0; i < kMostLinesBack; ++i) {
    const std::string_view line = text.substr(start, end - start);
    if (begins_with_stamp(line)) return start;
    if (i > 0)
      if (const auto parsed = parse::parse_error_line(line); parsed && parsed->time) return start;
    if (start < 2) break;
    end = start - 1;
    const size_t before = text.rfind('\n', end - 1);
    if (before == std::string_view::npos) break;
    start = before + 1;
  }
  stands_alone = false;
  return last + 1;
}

bool LogBlocks::next(LogBlock& block) {
  block.bytes_.resize(kBlock + 2 * kPadding);
  block.cut_lines = 0;
  char* const text = block.bytes_.data() + kPadding;
  size_t held = rest_.size();
  std::copy(rest_.begin(), rest_.end(), text);
  rest_.clear();
  block.stands_alone = rest_stands_alone_;
  bool skipping = false;  // within a line that was cut
  for (;;) {
    while (!ended_ && held < kBlock) {
      size_t got = 0;
      if (!head_.empty()) {
        got = std::min(head_.size(), kBlock - held);
        std::memcpy(text + held, head_.data(), got);
        head_.remove_prefix(got);
      } else {
        got = stream_.read(text + held, kBlock - held);
        ended_ = got == 0;
      }
      bytes_ += static_cast<int64_t>(got);
      if (skipping) {
        const void* end = std::memchr(text + held, '\n', got);
        if (end == nullptr) continue;
        const size_t skipped = static_cast<size_t>(static_cast<const char*>(end) - (text + held));
        std::memmove(text + held, end, got - skipped);
        got -= skipped;
        skipping = false;
      }
      held += got;
    }
    if (held == 0) return false;
    size_t cut = held;
    if (!ended_) {
      cut = find_cut({text, held}, rest_stands_alone_);
      if (cut == 0) {  // one line: its beginning is kept
        ++block.cut_lines;
        held = kKeptOfLine;
        skipping = true;
        continue;
      }
    }
    rest_.assign(text + cut, text + held);
    block.size_ = cut;
    block.number = number_++;
    block.read = bytes_;
    return true;
  }
}

}  // namespace ngxdiag::analyze

#include "libdiag/analyze/log_window.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "libdiag/base/text.h"
#include "libdiag/source/streams.h"

namespace ngxdiag::analyze {
namespace {

constexpr uint64_t kSmall = 8u << 20;  // is read as fast as it is searched
constexpr size_t kProbe = 16u << 10;   // bytes in which a line with a time is looked for
constexpr size_t kLongProbe = 256u << 10;
constexpr int64_t kLate = 120;  // seconds by which lines may be late
constexpr uint64_t kSamples = 64;

struct Mark {
  uint64_t at = 0;  // where the line begins
  base::CivilTime time = 0;
};

// The first line with a time that begins at or behind `offset`, if it is near.
std::optional<Mark> mark_behind(source::ByteStream& stream, uint64_t offset) {
  for (const size_t probe : {kProbe, kLongProbe}) {
    stream.seek(offset);
    const std::string text = source::read_some(stream, probe);
    std::string_view rest = text;
    if (offset > 0) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    while (!rest.empty()) {
      const auto at = offset + static_cast<uint64_t>(rest.data() - text.data());
      const std::string_view line = base::take_line(rest);
      if (line.size() < 22 || line[19] != ' ' || line[20] != '[') continue;
      if (const auto time = base::parse_civil(line.substr(0, 19))) return Mark{at, *time};
    }
    if (text.size() < probe) break;
  }
  return std::nullopt;
}

// The beginning of a line before which no line is as late as `time` (`after` false), or behind
// which none is earlier (`after` true); within kProbe bytes of the last and the first such place.
uint64_t bisect(source::ByteStream& stream, uint64_t size, base::CivilTime time, bool after) {
  uint64_t low = 0, high = size;  // the line at `low` is earlier, what begins at `high` is not
  while (high - low > kProbe) {
    const uint64_t middle = low + (high - low) / 2;
    const auto mark = mark_behind(stream, middle);
    // Behind the last line with a time nothing can be told: it counts as late.
    if (!mark || mark->at >= high || mark->time >= time)
      high = middle;
    else
      low = mark->at;
  }
  if (!after) return low;
  const auto mark = mark_behind(stream, high);
  return mark ? mark->at : size;
}

class Part : public source::ByteStream {
 public:
  Part(source::ByteStream& stream, const LogWindow& window)
      : stream_(stream), left_(window.until - window.from) {
    stream_.seek(window.from);
  }
  size_t read(char* out, size_t size) override {
    const size_t got =
        left_ == 0 ? 0 : stream_.read(out, static_cast<size_t>(std::min<uint64_t>(size, left_)));
    left_ -= got;
    return got;
  }
  std::optional<model::Gap> gap() const override { return stream_.gap(); }

 private:
  source::ByteStream& stream_;
  uint64_t left_;
};

}  // namespace

std::optional<LogWindow> find_window(source::ByteStream& stream,
                                     std::optional<base::CivilTime> since,
                                     std::optional<base::CivilTime> until) {
  const uint64_t size = stream.seekable_size();
  if ((!since && !until) || size < kSmall) return std::nullopt;
  std::optional<base::CivilTime> latest;
  for (uint64_t i = 0; i < kSamples; ++i) {
    const auto mark = mark_behind(stream, size / kSamples * i);
    if (!mark || (latest && mark->time + kLate < *latest)) return std::nullopt;
    latest = latest ? std::max(*latest, mark->time) : mark->time;
  }
  LogWindow window{0, size};
  if (since) window.from = bisect(stream, size, *since - kLate, false);
  if (until) window.until = std::max(bisect(stream, size, *until + kLate, true), window.from);
  return window;
}

std::unique_ptr<source::ByteStream> part_of(source::ByteStream& stream, const LogWindow& window) {
  return std::make_unique<Part>(stream, window);
}

}  // namespace ngxdiag::analyze

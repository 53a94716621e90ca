#include "libdiag/parse/line_head.h"

#include <array>
#include <bit>
#include <cstring>
#include <string_view>

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kStamp = 20;
constexpr uint64_t kOnes = 0x0101010101010101u;

struct LevelText {
  uint64_t text = 0, mask = 0;
  uint8_t size = 0;  // with the blank behind it
  Level level = Level::kNone;
};

uint64_t load8(const char* at) {
  uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Levels by their first two letters: no two of them share a place.
constexpr size_t level_place(uint64_t text) { return (text >> 8 & 255) + (text >> 16 & 255) * 4; }

constexpr std::array<LevelText, 32> kLevelTexts = [] {
  constexpr std::array<std::string_view, 8> kTexts{"[emerg] ", "[alert] ",  "[crit] ", "[error] ",
                                                   "[warn] ",  "[notice] ", "[info] ", "[debug] "};
  std::array<LevelText, 32> out{};
  for (size_t i = 0; i < kTexts.size(); ++i) {
    LevelText entry;
    for (size_t at = 0; at < kTexts[i].size() && at < 8; ++at) {
      entry.text |= static_cast<uint64_t>(static_cast<uint8_t>(kTexts[i][at])) << at * 8;
      entry.mask |= static_cast<uint64_t>(0xff) << at * 8;
    }
    entry.size = static_cast<uint8_t>(kTexts[i].size());
    entry.level = static_cast<Level>(i + 1);
    LevelText& place = out[level_place(entry.text) % 32];
    if (place.size != 0) throw "two levels share a place";
    place = entry;
  }
  return out;
}();

// How many of the eight bytes are digits before the first that is not.
unsigned count_digits(uint64_t text) {
  const uint64_t shifted = text ^ (kOnes * '0');  // a digit's byte is 0 to 9
  const uint64_t others = (shifted | (shifted + kOnes * 0x76)) & (kOnes * 0x80);
  return others == 0 ? 8u : static_cast<unsigned>(std::countr_zero(others)) / 8u;
}

// The number of the first `digits` bytes, one to eight of them.
int64_t number_of(uint64_t text, unsigned digits) {
  text = (text ^ (kOnes * '0')) << (8 - digits) * 8;
  text = (text * 10 + (text >> 8)) & 0x00ff00ff00ff00ffu;
  text = (text * 100 + (text >> 16)) & 0x0000ffff0000ffffu;
  return static_cast<int64_t>((text * 10000 + (text >> 32)) & 0xffffffffu);
}

}  // namespace

bool LineHeadReader::read_time(const char* line) {
  static constexpr std::string_view kShape = "dddd/dd/dd dd:dd:dd ";
  static_assert(kShape.size() == kStamp);
  for (size_t i = 0; i < kStamp; ++i)
    if (kShape[i] == 'd' ? !is_digit(line[i]) : line[i] != kShape[i]) return false;
  const auto time = base::parse_civil({line, kStamp - 1});
  if (!time) return false;
  time_ = *time;
  std::memcpy(stamp_, line, kStamp);
  return true;
}

bool LineHeadReader::read(const char* line, LineHead& head) {
  head.new_time = std::memcmp(line, stamp_, kStamp) != 0;
  if (head.new_time && !read_time(line)) return false;
  head.time = time_;
  const char* at = line + kStamp;
  uint64_t text = load8(at);
  const LevelText& level = kLevelTexts[level_place(text) % 32];
  if (level.size == 0 || (text & level.mask) != level.text || at[level.size - 1] != ' ')
    return false;
  head.level = level.level;
  at += level.size;
  text = load8(at);
  unsigned digits = count_digits(text);
  if (digits == 0 || digits == 8 || at[digits] != '#') return false;
  head.pid = number_of(text, digits);
  at += digits + 1;
  digits = count_digits(load8(at));
  if (digits == 0 || digits == 8 || at[digits] != ':' || at[digits + 1] != ' ') return false;
  at += digits + 2;
  head.connection = *at == '*';
  if (head.connection) {
    ++at;
    digits = count_digits(load8(at));
    if (digits == 8) digits += count_digits(load8(at + 8));
    if (digits == 0 || digits == 16 || *at == '0' || at[digits] != ' ') return false;
    at += digits + 1;
  } else if (*at == '_') {
    return false;  // what markup makes of *N
  }
  head.size = static_cast<uint32_t>(at - line);
  return true;
}

}  // namespace ngxdiag::parse

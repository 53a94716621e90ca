#include "libdiag/parse/message_memory.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kSlots = 2048;
constexpr size_t kShortest = 16;  // shorter texts are looked up as fast
// A number beyond 32 bits is no errno, line or signal to the parsers; in a path any will do.
constexpr size_t kMostDigits = 7;
constexpr size_t kMostPathDigits = 15;
constexpr uint16_t kMostPatience = 1u << 14;
constexpr size_t kStep = 16;

struct Halves {
  uint64_t low = 0, high = 0;
};

#if defined(__SSE2__)
__m128i load16(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

__m128i digits_of(__m128i text) {
  // Signed comparison: bytes from 0x80 on are negative.
  return _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8('0' - 1)),
                       _mm_cmplt_epi8(text, _mm_set1_epi8('9' + 1)));
}

// Sixteen bytes with every digit made the same.
Halves without_digits(const char* at) {
  const __m128i text = _mm_or_si128(load16(at), digits_of(load16(at)));
  Halves out;
  out.low = static_cast<uint64_t>(_mm_cvtsi128_si64(text));
  out.high = static_cast<uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(text, text)));
  return out;
}

bool same(const char* a, const char* b, size_t size) {
  for (;; a += kStep, b += kStep, size -= kStep) {
    const auto differs =
        ~static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(load16(a), load16(b)))) & 0xffffu;
    if (size <= kStep) return (differs & ((1u << size) - 1)) == 0;
    if (differs != 0) return false;
  }
}

// Up to sixteen digits.
size_t count_digits(const char* at) {
  return static_cast<size_t>(
      __builtin_ctz(~static_cast<unsigned>(_mm_movemask_epi8(digits_of(load16(at))))));
}
#else
Halves without_digits(const char* at) {
  std::array<char, 16> text;
  for (size_t i = 0; i < text.size(); ++i) text[i] = is_digit(at[i]) ? '\xff' : at[i];
  Halves out;
  std::memcpy(&out.low, text.data(), 8);
  std::memcpy(&out.high, text.data() + 8, 8);
  return out;
}
bool same(const char* a, const char* b, size_t size) { return std::memcmp(a, b, size) == 0; }
size_t count_digits(const char* at) {
  size_t count = 0;
  while (count < 16 && is_digit(at[count])) ++count;
  return count;
}
#endif

uint64_t read_number(const char* at, size_t digits) {
  uint64_t number = 0;
  for (size_t i = 0; i < digits; ++i) number = number * 10 + static_cast<uint64_t>(at[i] - '0');
  return number;
}

uint64_t mixed(uint64_t a, uint64_t b) {
  uint64_t x = (a ^ (b << 29 | b >> 35)) * 0x9e3779b97f4a7c15u;
  x ^= x >> 32;
  return x;
}

}  // namespace

MessageMemory::MessageMemory() : slots_(kSlots) {}

bool MessageMemory::fits(const Entry& entry, std::string_view text, Numbers& numbers) {
  const char* at = text.data();
  const char* run = entry.text.data();
  size_t left = text.size();
  for (size_t i = 0;; ++i) {
    const size_t size = entry.run[i];
    if (left < size || !same(at, run, size)) return false;
    at += size;
    run += size;
    left -= size;
    if (i == entry.numbers) return left == 0;
    const size_t digits = std::min(count_digits(at), left);
    if (digits == 0 || digits > entry.digits[i]) return false;
    numbers.value[i] = read_number(at, digits);
    at += digits;
    left -= digits;
  }
}

const MessageMemory::Known* MessageMemory::find(Level level, std::string_view text,
                                                bool has_context, Numbers& numbers) {
  wanted_ = false;
  if (text.size() < kShortest) return nullptr;
  const Halves head = without_digits(text.data());
  const Halves tail = without_digits(text.data() + text.size() - kShortest);
  const uint64_t hash = mixed(mixed(head.low, head.high) + static_cast<uint64_t>(level),
                              mixed(tail.low, tail.high) + (has_context ? 1u : 0u));
  slot_ = hash % kSlots;
  tag_ = static_cast<uint32_t>(hash >> 32) | 1u;
  Slot& slot = slots_[slot_];
  if (slot.tag == tag_) {
    const Entry& entry = entries_[slot.entry - 1];
    if (entry.level == static_cast<uint8_t>(level) && entry.has_context == has_context &&
        fits(entry, text, numbers)) {
      slot.misses = 0;
      return &entry.known;
    }
  }
  wanted_ = ++slot.misses >= slot.patience;
  return nullptr;
}

void MessageMemory::learn(Level level, std::string_view text, bool has_context, bool fixed,
                          Known known) {
  Slot& slot = slots_[slot_];
  slot.misses = 0;  // each time makes the next one wait four times as long
  if (slot.patience < kMostPatience) slot.patience = static_cast<uint16_t>(slot.patience * 4);
  if (!fixed) return;
  Entry entry;
  entry.known = std::move(known);
  entry.level = static_cast<uint8_t>(level);
  entry.has_context = has_context;
  size_t kept = 0, run = 0;
  for (size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      if (kept == kLongest) return;
      entry.text[kept++] = text[i++];
      ++run;
      continue;
    }
    size_t digits = 0;
    while (i + digits < text.size() && is_digit(text[i + digits])) ++digits;
    const size_t most = i > 0 && text[i - 1] == '/' && entry.known.life.life == Life::kNone
                            ? kMostPathDigits
                            : kMostDigits;
    if (digits > most || entry.numbers == kNumbers) return;
    entry.digits[entry.numbers] = static_cast<uint8_t>(most);
    entry.run[entry.numbers++] = static_cast<uint8_t>(run);
    run = 0;
    i += digits;
  }
  entry.run[entry.numbers] = static_cast<uint8_t>(run);
  if (slot.entry == 0) {
    entries_.emplace_back();
    slot.entry = static_cast<uint32_t>(entries_.size());
  }
  slot.tag = tag_;
  entries_[slot.entry - 1] = std::move(entry);
}

LifeShape life_shape(std::string_view text) {
  LifeShape out;
  out.fixed = parse_life(text);
  out.life = out.fixed.life;
  if (out.life == Life::kNone) return out;
  if (!out.fixed.subject.empty()) {
    out.subject_at = static_cast<size_t>(out.fixed.subject.data() - text.data());
    out.subject_size = out.fixed.subject.size();
    for (const char c : text.substr(0, out.subject_at + out.subject_size))
      out.varies = out.varies || is_digit(c);
  }
  out.fixed.subject = {};
  // Another number in one place shows what that place is.
  int place = 0;
  for (size_t i = 0; i < text.size(); ++place) {
    while (i < text.size() && !is_digit(text[i])) ++i;
    size_t end = i;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (i == end) break;
    constexpr int kOther = 7654;
    std::string other(text);
    other.replace(i, end - i, std::to_string(kOther));
    const LifeLine changed = parse_life(other);
    if (changed.child == kOther && out.fixed.child != kOther) out.child = place;
    if (changed.number == kOther && out.fixed.number != kOther) out.number = place;
    i = end;
  }
  return out;
}

LifeLine life_line(const LifeShape& shape, const MessageMemory::Numbers& numbers,
                   std::string_view text) {
  LifeLine out = shape.fixed;
  out.subject = text.substr(shape.subject_at, shape.subject_size);
  if (shape.child >= 0)
    out.child = static_cast<int64_t>(numbers.value[static_cast<size_t>(shape.child)]);
  if (shape.number >= 0)
    out.number = static_cast<int>(numbers.value[static_cast<size_t>(shape.number)]);
  return out;
}

}  // namespace ngxdiag::parse

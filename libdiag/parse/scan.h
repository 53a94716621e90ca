// Steps of the hand-written parsers: each takes something off the front of a view, or leaves it
// alone.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ngxdiag::parse {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

inline bool eat(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

inline void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
}

// One to eighteen decimal digits.
inline bool eat_number(std::string_view& rest, int64_t& value) {
  size_t i = 0;
  int64_t number = 0;
  while (i < rest.size() && i < 18 && is_digit(rest[i])) number = number * 10 + (rest[i++] - '0');
  if (i == 0 || (i < rest.size() && is_digit(rest[i]))) return false;
  value = number;
  rest.remove_prefix(i);
  return true;
}

// One to sixteen hexadecimal digits, with or without "0x".
inline bool eat_hex(std::string_view& rest, uint64_t& value) {
  std::string_view text = rest;
  eat(text, "0x");
  size_t i = 0;
  uint64_t number = 0;
  for (; i < text.size() && i < 17; ++i) {
    const char c = text[i];
    const int digit = is_digit(c)            ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) break;
    number = number << 4 | static_cast<uint64_t>(digit);
  }
  if (i == 0 || i > 16) return false;
  value = number;
  rest = text.substr(i);
  return true;
}

// Up to the next blank; the blanks after it are skipped too.
inline std::string_view take_word(std::string_view& rest) {
  size_t end = 0;
  while (end < rest.size() && !is_blank(rest[end])) ++end;
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  skip_blanks(rest);
  return word;
}

// text.find(literal, from), told by its first two bytes: memchr() stops at every blank of a
// message.
inline size_t find_first(std::string_view text, std::string_view literal, size_t from = 0) {
#if defined(__SSE2__)
  constexpr size_t kStep = 16;
  if (literal.size() < 2 || from > text.size() || text.size() - from <= kStep)
    return text.find(literal, from);
  const __m128i a = _mm_set1_epi8(literal[0]), b = _mm_set1_epi8(literal[1]);
  const size_t last = text.size() - kStep - 1;  // the last step overlaps the one before
  for (size_t i = from;; i = i + kStep < last ? i + kStep : last) {
    const char* at = text.data() + i;
    auto places = static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(
        _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), a),
        _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1)), b))));
    for (; places != 0; places &= places - 1) {
      const auto place = static_cast<unsigned>(__builtin_ctz(places));
      if (text.size() - i - place >= literal.size() &&
          std::memcmp(at + place, literal.data(), literal.size()) == 0)
        return i + place;
    }
    if (i == last) return std::string_view::npos;
  }
#else
  return text.find(literal, from);
#endif
}

// text.rfind(literal), sixteen places at a time. REQUIRES: two bytes or more in `literal`.
inline size_t find_last(std::string_view text, std::string_view literal) {
#if defined(__SSE2__)
  if (text.size() < 17) return text.rfind(literal);
  constexpr size_t kStep = 16;
  const __m128i a = _mm_set1_epi8(literal[0]), b = _mm_set1_epi8(literal[1]);
  // Places are taken from the end; the last step overlaps the one before.
  for (size_t i = text.size() - kStep - 1;; i = i > kStep ? i - kStep : 0) {
    const char* at = text.data() + i;
    auto places = static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(
        _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), a),
        _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1)), b))));
    while (places != 0) {
      const auto place = static_cast<unsigned>(31 - __builtin_clz(places));
      if (text.size() - i - place >= literal.size() &&
          std::memcmp(at + place, literal.data(), literal.size()) == 0)
        return i + place;
      places ^= 1u << place;
    }
    if (i == 0) return std::string_view::npos;
  }
#else
  return text.rfind(literal);
#endif
}

}  // namespace ngxdiag::parse

// Steps of the hand-written parsers: each takes something off the front of a view, or leaves it
// alone.
#pragma once

#include <cstdint>
#include <string_view>

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

}  // namespace ngxdiag::parse

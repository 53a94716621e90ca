#include "libdiag/parse/glob.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kNone = std::string_view::npos;

// Matches one non-`*` pattern element at `p` against `c`; gives the position after the element, or
// kNone.
size_t match_one(std::string_view pattern, size_t p, char c) {
  if (pattern[p] == '?') return c == '/' ? kNone : p + 1;
  if (pattern[p] == '[') {
    size_t i = p + 1;
    const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    if (negated) ++i;
    bool in_set = false;
    const size_t first = i;
    while (i < pattern.size() && (pattern[i] != ']' || i == first)) {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      const auto low = static_cast<unsigned char>(pattern[i]);
      auto high = low;
      if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
        high = static_cast<unsigned char>(pattern[i + 2]);
        i += 2;
      }
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= low && byte <= high) in_set = true;
      ++i;
    }
    if (i < pattern.size()) return c != '/' && in_set != negated ? i + 1 : kNone;
    return c == '[' ? p + 1 : kNone;  // never closed: an ordinary bracket
  }
  if (pattern[p] == '\\' && p + 1 < pattern.size()) ++p;
  return pattern[p] == c ? p + 1 : kNone;
}

}  // namespace

bool has_wildcard(std::string_view name) { return name.find_first_of("*?[") != kNone; }

bool glob_match(std::string_view pattern, std::string_view name, size_t* steps) {
  size_t p = 0, n = 0;
  size_t star = kNone, star_name = 0;  // the last `*` and what it has swallowed so far
  while (n < name.size()) {
    if (steps) {
      if (*steps == 0) return false;
      --*steps;
    }
    const bool hidden = name[n] == '.' && (n == 0 || name[n - 1] == '/');
    if (p < pattern.size() && pattern[p] == '*' && !hidden) {
      star = ++p;
      star_name = n;
      continue;
    }
    if (p < pattern.size() && pattern[p] != '*' && !(hidden && pattern[p] != '.')) {
      const size_t next = match_one(pattern, p, name[n]);
      if (next != kNone) {
        p = next;
        ++n;
        continue;
      }
    }
    if (star == kNone || name[star_name] == '/') return false;
    p = star;
    n = ++star_name;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace ngxdiag::parse

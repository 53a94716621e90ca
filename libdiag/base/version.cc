#include "libdiag/base/version.h"

#include <algorithm>
#include <string>

#include "libdiag/base/text.h"

namespace ngxdiag::base {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// deb-version's order of one non-digit byte; 0 stands for the end.
int order(std::string_view text) {
  if (text.empty() || is_digit(text[0])) return 0;
  if (text[0] == '~') return -1;
  return is_alpha(text[0]) ? text[0] : text[0] + 256;
}

int compare_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    while ((!a.empty() && !is_digit(a[0])) || (!b.empty() && !is_digit(b[0]))) {
      if (const int difference = order(a) - order(b)) return difference;
      if (!a.empty()) a.remove_prefix(1);
      if (!b.empty()) b.remove_prefix(1);
    }
    const auto number = [](std::string_view& text) {
      size_t length = 0;
      while (length < text.size() && is_digit(text[length])) ++length;
      std::string_view digits = text.substr(0, length);
      text.remove_prefix(length);
      while (!digits.empty() && digits[0] == '0') digits.remove_prefix(1);
      return digits;
    };
    const std::string_view x = number(a), y = number(b);
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int difference = x.compare(y)) return difference;
  }
  return 0;
}

std::string_view take_epoch(std::string_view& text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view epoch = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return epoch;
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  const std::string_view x = take_epoch(a), y = take_epoch(b);
  if (!x.empty() && !y.empty())
    if (const int difference = compare_part(x, y)) return difference;
  return compare_part(a, b);
}

bool is_version(std::string_view text) {
  return !text.empty() && is_digit(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || is_alpha(c) ||
           std::string_view(".+-~:_").find(c) != std::string_view::npos;
  });
}

}  // namespace ngxdiag::base

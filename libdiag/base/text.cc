#include "libdiag/base/text.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace ngxdiag::base {
namespace {

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

void append_hex(std::string& out, std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

}  // namespace

size_t utf8_length(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  const size_t length = lead < 0x80                   ? 1
                        : lead >= 0xc2 && lead < 0xe0 ? 2
                        : lead >= 0xe0 && lead < 0xf0 ? 3
                        : lead >= 0xf0 && lead < 0xf5 ? 4
                                                      : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  if (length == 3 && ((lead == 0xe0 && at(1) < 0xa0) || (lead == 0xed && at(1) >= 0xa0))) return 0;
  if (length == 4 && ((lead == 0xf0 && at(1) < 0x90) || (lead == 0xf4 && at(1) >= 0x90))) return 0;
  return length;
}

// C1 controls (U+0080..9F), bidi marks and overrides (U+200E/F, 202A..2E, 2066..69), line
// separators.
bool unsafe_sequence(std::string_view seq) {
  if (seq.size() == 2) return seq[0] == '\xc2' && static_cast<unsigned char>(seq[1]) < 0xa0;
  if (seq.size() != 3 || seq[0] != '\xe2') return false;
  const auto b = static_cast<unsigned char>(seq[1]);
  const auto c = static_cast<unsigned char>(seq[2]);
  return (b == 0x80 && (c == 0x8e || c == 0x8f || (c >= 0xa8 && c <= 0xae))) ||
         (b == 0x81 && c >= 0xa6 && c <= 0xa9);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t end; (end = text.find(separator)) != std::string_view::npos;
       text.remove_prefix(end + 1))
    parts.push_back(text.substr(0, end));
  parts.push_back(text);
  return parts;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  size_t i = 0;
  while (i < text.size()) {
    while (i < text.size() && blank(text[i])) ++i;
    const size_t start = i;
    while (i < text.size() && !blank(text[i])) ++i;
    if (i > start) out.push_back(text.substr(start, i - start));
  }
  return out;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  if (from.empty()) return text;
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i) out += separator;
    out += parts[i];
  }
  return out;
}

std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::optional<int64_t> parse_int(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int64_t> parse_size(std::string_view text) {
  if (text.empty()) return std::nullopt;
  int shift = 0;
  switch (text.back()) {
    case 'k':
    case 'K': shift = 10; break;
    case 'm':
    case 'M': shift = 20; break;
    case 'g':
    case 'G': shift = 30; break;
    default: break;
  }
  if (shift) text.remove_suffix(1);
  const auto number = parse_int(text);
  if (!number || *number < 0 || *number > (INT64_MAX >> shift)) return std::nullopt;
  return *number << shift;
}

std::optional<int64_t> parse_seconds(std::string_view text) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    const auto number = parse_int(text.substr(0, digits));
    if (!number) return std::nullopt;
    text.remove_prefix(digits);
    double unit = 1;
    if (text.substr(0, 2) == "ms") {
      unit = 0.001;
      text.remove_prefix(2);
    } else if (!text.empty() && !blank(text[0])) {
      switch (text[0]) {
        case 's': unit = 1; break;
        case 'm': unit = 60; break;
        case 'h': unit = 3600; break;
        case 'd': unit = 86400; break;
        case 'w': unit = 7 * 86400; break;
        case 'M': unit = 30 * 86400; break;
        case 'y': unit = 365 * 86400; break;
        default: return std::nullopt;
      }
      text.remove_prefix(1);
    }
    total += static_cast<double>(*number) * unit;
    text = trim(text);
  }
  if (total > 9e15) return std::nullopt;
  const auto whole = static_cast<int64_t>(total);
  return static_cast<double>(whole) < total ? whole + 1 : whole;
}

std::string printable(std::string_view text, bool keep_newlines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    const std::string_view seq = text.substr(0, length ? length : 1);
    const char c = seq[0];
    const bool control = length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f);
    const bool kept = c == '\t' || (c == '\n' && keep_newlines);
    if (length == 0 || (control && !kept) || unsafe_sequence(seq))
      append_hex(out, seq);
    else
      out += seq;
    text.remove_prefix(seq.size());
  }
  return out;
}

std::string shell_quote(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./:=@%+,-").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return std::string(text);
  return "'" + replace_all(std::string(text), "'", "'\\''") + "'";
}

std::string shorten(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  size_t cut = bytes > 3 ? bytes - 3 : 0;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
  return std::string(text.substr(0, cut)) + "…";
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string closest(std::string_view text, const std::vector<std::string>& candidates) {
  std::string best;
  size_t best_distance = text.size() / 3 + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = edit_distance(text, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string plural(int64_t count, std::string_view noun) {
  std::string out = grouped(count) + " " + std::string(noun);
  if (count == 1) return out;
  const bool es =
      noun.ends_with("s") || noun.ends_with("x") || noun.ends_with("sh") || noun.ends_with("ch");
  return out + (es ? "es" : "s");
}

std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t sign = digits[0] == '-' ? 1 : 0;
  for (size_t at = digits.size(); at > sign + 3;) digits.insert(at -= 3, ",");
  return digits;
}

}  // namespace ngxdiag::base

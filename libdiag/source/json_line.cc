#include "libdiag/source/json_line.h"

#include <cstdint>

namespace ngxdiag::source {
namespace {

constexpr size_t kMaxMembers = 256;

void skip_blanks(std::string_view& text) {
  size_t i = 0;
  while (i < text.size() &&
         (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n'))
    ++i;
  text.remove_prefix(i);
}

// The length of the string that begins `text`, with both quotes; all of it when it has no end.
size_t string_length(std::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return text.size();
}

size_t value_length(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == '"') return string_length(text);
  size_t depth = 0, i = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '"') {
      i += string_length(text.substr(i));
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') {
      if (depth == 0) break;
      if (--depth == 0) return i + 1;
    }
    if (c == ',' && depth == 0) break;
    ++i;
  }
  while (i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t' || text[i - 1] == '\r')) --i;
  return i;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// "\u2026" from behind the u; -1 when these are no four digits.
int32_t hex_unit(std::string_view text) {
  if (text.size() < 4) return -1;
  int32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void append_utf8(std::string& out, int32_t code) {
  const auto byte = [&](int32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | (code >> 6));
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3f));
    byte(0x80 | ((code >> 6) & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

constexpr int32_t kReplacement = 0xfffd;  // half of a surrogate pair

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t plain = text.find('\\');
    out.append(text.substr(0, plain));
    if (plain == std::string_view::npos || plain + 1 >= text.size()) break;
    const char c = text[plain + 1];
    text.remove_prefix(plain + 2);
    switch (c) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'r': out += '\r'; break;
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'u': {
        int32_t code = hex_unit(text);
        if (code < 0) break;
        text.remove_prefix(4);
        if (code >= 0xd800 && code < 0xe000) {
          const int32_t low =
              code < 0xdc00 && text.substr(0, 2) == "\\u" ? hex_unit(text.substr(2)) : -1;
          const bool pair = low >= 0xdc00 && low < 0xe000;
          code = pair ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : kReplacement;
          if (pair) text.remove_prefix(6);
        }
        append_utf8(out, code);
        break;
      }
      default: out += c;
    }
  }
  return out;
}

std::optional<std::string> byte_array(std::string_view text) {
  std::string out;
  text.remove_prefix(1);
  int32_t value = -1;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      value = (value < 0 ? 0 : value) * 10 + (c - '0');
      if (value > 255) return std::nullopt;
    } else if (c == ',' || c == ']') {
      if (value >= 0) out += static_cast<char>(value);
      value = -1;
      if (c == ']') return out;
    } else if (c != ' ') {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> json_members(std::string_view line) {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  skip_blanks(line);
  if (line.empty() || line[0] != '{') return out;
  line.remove_prefix(1);
  while (out.size() < kMaxMembers) {
    skip_blanks(line);
    if (line.empty() || line[0] != '"') break;
    const size_t length = string_length(line);
    if (length < 2) break;
    const std::string_view key = line.substr(1, length - 2);
    line.remove_prefix(length);
    skip_blanks(line);
    if (line.empty() || line[0] != ':') break;
    line.remove_prefix(1);
    skip_blanks(line);
    const std::string_view value = line.substr(0, value_length(line));
    out.emplace_back(key, value);
    line.remove_prefix(value.size());
    skip_blanks(line);
    if (line.empty() || line[0] != ',') break;
    line.remove_prefix(1);
  }
  return out;
}

std::optional<std::string> json_bytes(std::string_view value) {
  if (value.empty()) return std::nullopt;
  if (value[0] == '[') return byte_array(value);
  if (value[0] != '"') return std::nullopt;
  const bool ended =
      value.size() > 1 && string_length(value) == value.size() && value.back() == '"';
  return unescaped(value.substr(1, value.size() - (ended ? 2 : 1)));
}

}  // namespace ngxdiag::source

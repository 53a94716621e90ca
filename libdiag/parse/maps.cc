#include "libdiag/parse/maps.h"

#include <cstdint>

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

constexpr std::string_view kDeleted = " (deleted)";

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<MappedFile> mapped(std::string_view path) {
  MappedFile out;
  path = trim_end(path);
  if (path.ends_with(kDeleted)) {
    out.deleted = true;
    path.remove_suffix(kDeleted.size());
  }
  // lsof marks it in the type column and before the name: "(deleted)/usr/lib/…", "(path dev=8,1)"
  // behind it.
  if (const size_t at = path.find(" (path "); at != std::string_view::npos)
    path = path.substr(0, at);
  // Anonymous shared memory has a name of its own: "/dev/zero", "/SYSV00000000", "/memfd:…".
  if (path.size() < 2 || path[0] != '/' || path.starts_with("/dev/zero") ||
      path.starts_with("/SYSV") || path.starts_with("/memfd:") ||
      path.starts_with("/anon_hugepage"))
    return std::nullopt;
  out.path = path;
  return out;
}

bool is_mode(std::string_view word) {
  return (word.size() == 4 || word.size() == 5) &&
         word.find_first_not_of("rwxsp-") == std::string_view::npos;
}

// "7f1c2a600000-7f1c2a700000 r-xp 00000000 08:01 1312 /path"
bool eat_maps_columns(std::string_view& rest) {
  std::string_view text = rest;
  uint64_t number = 0;
  if (!eat_hex(text, number) || !eat(text, "-") || !eat_hex(text, number) || !eat(text, " "))
    return false;
  if (!is_mode(take_word(text))) return false;
  std::string_view offset = take_word(text);
  if (!eat_hex(offset, number) || !offset.empty()) return false;
  if (take_word(text).find(':') == std::string_view::npos) return false;
  std::string_view inode = take_word(text);
  int64_t node = 0;
  if (!eat_number(inode, node) || !inode.empty()) return false;
  rest = text;
  return true;
}

// pmap -p: "00007f1c2a600000     92K r-x-- /usr/lib/nginx/modules/x.so"; pmap -x: four more
// columns.
bool eat_pmap_columns(std::string_view& rest) {
  std::string_view text = rest;
  uint64_t address = 0;
  if (!eat_hex(text, address) || text.empty() || !is_blank(text[0])) return false;
  skip_blanks(text);
  for (int column = 0; column < 5; ++column) {
    const std::string_view word = take_word(text);
    if (is_mode(word)) {
      rest = text;
      return column > 0;
    }
    if (word.empty() || !is_digit(word[0])) return false;
  }
  return false;
}

// lsof: "nginx 812 root mem REG 8,1 97088 1312 /usr/lib/nginx/modules/x.so"; FD is "mem", "txt" or
// "DEL".
bool eat_lsof_columns(std::string_view& rest) {
  std::string_view text = rest;
  bool mapped_fd = false;
  for (int column = 0; column < 10 && !text.empty(); ++column) {
    if (column > 0 && text[0] == '/') {
      rest = text;
      return mapped_fd;
    }
    const std::string_view word = take_word(text);
    if (column >= 2 && (word == "mem" || word == "txt" || word == "DEL")) mapped_fd = true;
  }
  return false;
}

}  // namespace

std::optional<MappedFile> parse_mapped_file(std::string_view line) {
  skip_blanks(line);
  std::string_view rest = line;
  if (eat_maps_columns(rest) || eat_pmap_columns(rest)) return mapped(rest);
  if (!eat_lsof_columns(rest)) return std::nullopt;
  auto out = mapped(rest);
  if (out && line.find(" DEL ") < line.size() - rest.size()) out->deleted = true;
  return out;
}

std::optional<long long> parse_limit(std::string_view line, std::string_view name) {
  if (!eat(line, name) || line.empty() || !is_blank(line[0])) return std::nullopt;
  skip_blanks(line);
  std::string_view value = take_word(line);
  if (value == "unlimited") return -1;
  int64_t number = 0;
  if (!eat_number(value, number) || !value.empty()) return std::nullopt;
  return number;
}

}  // namespace ngxdiag::parse

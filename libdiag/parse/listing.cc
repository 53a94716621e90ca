#include "libdiag/parse/listing.h"

#include <string>

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

bool is_mode(std::string_view word) {
  if (word.size() == 11 && std::string_view("+.@").find(word[10]) != std::string_view::npos)
    word.remove_suffix(1);
  return word.size() == 10 &&
         std::string_view("-dlbcpsD").find(word[0]) != std::string_view::npos &&
         word.substr(1).find_first_not_of("rwxsStT-") == std::string_view::npos;
}

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_clock(std::string_view word) {
  return word.size() >= 4 && is_digit(word[0]) && word.find(':') != std::string_view::npos &&
         word.find_first_not_of("0123456789:.") == std::string_view::npos;
}

// "2026-04-21 23:18", "2026-04-21 23:18:20.123456789 +0200", "04-21 23:18" (iso).
bool eat_iso(std::string_view& rest, std::optional<base::CivilTime>& time) {
  std::string_view text = rest;
  const std::string_view date = take_word(text);
  if (date.find_first_not_of("0123456789-") != std::string_view::npos ||
      date.find('-') == std::string_view::npos)
    return false;
  if (date.size() != 10 && date.size() != 5) return false;
  std::string_view look = text;
  const std::string_view clock = take_word(look);
  std::string full(date);
  if (is_clock(clock)) {
    text = look;
    full += ' ';
    full += clock.substr(0, 8);
    if (clock.size() == 5) full += ":00";
    const std::string_view zone = take_word(look);
    if (zone.size() == 5 && (zone[0] == '+' || zone[0] == '-') && is_number(zone.substr(1)))
      text = look;
  } else {
    full += " 00:00:00";
  }
  time = base::parse_civil(full);
  rest = text;
  return true;
}

// "Mar  3 10:11", "Nov 12  2024", "21 avril 10:11".
bool eat_date(std::string_view& rest, base::CivilTime near, std::optional<base::CivilTime>& time) {
  std::string_view text = rest;
  const std::string_view first = take_word(text);
  const std::string_view second = take_word(text);
  const std::string_view third = take_word(text);
  const std::string_view day = is_number(first) ? first : second;
  const std::string_view month = is_number(first) ? second : first;
  if (!is_number(day) || day.size() > 2 || month.empty() || is_number(month) || month.size() > 12)
    return false;
  const bool clock = is_clock(third) && third.size() == 5;
  if (!clock && !(is_number(third) && third.size() == 4)) return false;
  if (month.size() == 3) {
    std::string stamp(month);
    stamp += day.size() == 1 ? "  " : " ";
    stamp += day;
    stamp += ' ';
    base::CivilTime year = near;
    if (clock) {
      stamp += third;
      stamp += ":00";
    } else {
      stamp += "00:00:00";
      std::string_view digits = third;
      int64_t number = 0;
      eat_number(digits, number);
      year = base::civil(static_cast<int>(number), 7, 1).value_or(near);
    }
    time = base::parse_syslog_time(stamp, year);
  }
  rest = text;
  return true;
}

}  // namespace

std::optional<ListingRow> parse_listing_row(std::string_view line, base::CivilTime near) {
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  skip_blanks(line);
  ListingRow out;
  // Inode and blocks may stand before the mode.
  for (int before = 0; before < 3; ++before) {
    out.mode = take_word(line);
    if (is_mode(out.mode)) break;
    if (!is_number(out.mode)) return std::nullopt;
  }
  if (!is_mode(out.mode)) return std::nullopt;
  out.mode = out.mode.substr(0, 10);
  if (!is_number(take_word(line))) return std::nullopt;
  out.owner = take_word(line);
  out.group = take_word(line);
  if (out.group.empty()) return std::nullopt;
  std::string_view word = take_word(line);
  if (word.find(':') != std::string_view::npos) word = take_word(line);  // ls -Z: the label
  if (word.ends_with(','))
    take_word(line);  // "1, 3" of a device
  else if (!eat_number(word, out.size) || !word.empty())
    return std::nullopt;
  if (!eat_iso(line, out.modified) && !eat_date(line, near, out.modified)) return std::nullopt;
  out.name = line;
  if (out.mode[0] == 'l') {
    if (const size_t arrow = line.find(" -> "); arrow != std::string_view::npos) {
      out.name = line.substr(0, arrow);
      out.target = line.substr(arrow + 4);
    }
  }
  if (out.name.empty()) return std::nullopt;
  return out;
}

std::string_view parse_listing_directory(std::string_view line) {
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  skip_blanks(line);
  const auto directory = [](std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
  };
  if ((line.starts_with('/') || line.starts_with("./")) && line.ends_with(':') &&
      line.find(' ') == std::string_view::npos)
    return directory(line.substr(0, line.size() - 1));
  // The command behind the prompt ("$ ", "root@web1:~# ").
  if (!line.starts_with("ls ") && !line.starts_with("sudo ")) {
    size_t prompt = line.find("$ ");
    const size_t root = line.find("# ");
    if (root < prompt) prompt = root;
    if (prompt == std::string_view::npos) return {};
    line.remove_prefix(prompt + 2);
    skip_blanks(line);
  }
  eat(line, "sudo ");
  if (!eat(line, "ls ")) return {};
  bool rows = false;
  std::string_view path;
  for (skip_blanks(line); !line.empty();) {
    const std::string_view word = take_word(line);
    if (word == "|" || word == ">" || word == ";" || word == "&&") break;
    if (word.starts_with("-"))
      rows |= !word.starts_with("--") && word.find('l') != std::string_view::npos;
    else if (path.empty())
      path = word;
  }
  return rows ? directory(path) : std::string_view();
}

}  // namespace ngxdiag::parse

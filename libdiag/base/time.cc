#include "libdiag/base/time.h"

#include <cstdio>

#include "libdiag/base/text.h"

namespace ngxdiag::base {
namespace {

// Days since 1970-01-01 of the proleptic Gregorian calendar (Howard Hinnant's era arithmetic).
int64_t days_from_civil(int64_t y, int m, int d) {
  y -= m <= 2;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t yoe = y - era * 400;
  const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct Date {
  int64_t year;
  int month, day;
};

Date date_from_days(int64_t z) {
  z += 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int64_t doe = z - era * 146097;
  const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t mp = (5 * doy + 2) / 153;
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return {yoe + era * 400 + (month <= 2), month, static_cast<int>(doy - (153 * mp + 2) / 5 + 1)};
}

// Two-digit or longer decimal at `at`, -1 when a byte is no digit.
int digits(std::string_view text, size_t at, size_t count) {
  int value = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<CivilTime> clock_time(std::string_view text, int64_t days) {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const int h = digits(text, 0, 2), m = digits(text, 3, 2), s = digits(text, 6, 2);
  if (h < 0 || m < 0 || s < 0 || h > 23 || m > 59 || s > 60) return std::nullopt;
  return days * 86400 + h * 3600 + m * 60 + (s > 59 ? 59 : s);
}

}  // namespace

std::optional<CivilTime> civil(int year, int month, int day, int hour, int minute, int second) {
  static constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > kDays[month - 1]) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  return days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 +
         (second > 59 ? 59 : second);
}

std::optional<CivilTime> parse_civil(std::string_view text) {
  if (text.size() < 19) return std::nullopt;
  const char separator = text[4];
  if ((separator != '/' && separator != '-') || text[7] != separator) return std::nullopt;
  if (text[10] != ' ' && text[10] != 'T') return std::nullopt;
  const int y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
  if (y < 0 || mo < 1 || d < 1) return std::nullopt;
  const auto day = civil(y, mo, d);
  if (!day) return std::nullopt;
  return clock_time(text.substr(11), *day / 86400);
}

std::optional<CivilTime> parse_syslog_time(std::string_view text, CivilTime near) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() < 15 || text[3] != ' ' || text[6] != ' ') return std::nullopt;
  const size_t month_at = kMonths.find(text.substr(0, 3));
  if (month_at == std::string_view::npos || month_at % 3) return std::nullopt;
  const int day = text[4] == ' ' ? digits(text, 5, 1) : digits(text, 4, 2);
  if (day < 1) return std::nullopt;
  const int64_t year = date_from_days(near >= 0 ? near / 86400 : (near - 86399) / 86400).year;
  std::optional<CivilTime> best;
  for (int64_t y = year - 1; y <= year + 1; ++y) {
    const auto date = civil(static_cast<int>(y), static_cast<int>(month_at / 3) + 1, day);
    const auto time = date ? clock_time(text.substr(7), *date / 86400) : std::nullopt;
    if (!time) continue;
    const auto distance = [&](CivilTime t) { return t > near ? t - near : near - t; };
    if (!best || distance(*time) < distance(*best)) best = time;
  }
  return best;
}

std::string format_civil(CivilTime time, char separator) {
  const int64_t days = time >= 0 ? time / 86400 : (time - 86399) / 86400;
  const auto seconds = static_cast<int>(time - days * 86400);
  const Date date = date_from_days(days);
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02d-%02d%c%02d:%02d:%02d", static_cast<int>(date.year),
                date.month, date.day, separator, seconds / 3600, seconds / 60 % 60, seconds % 60);
  return out;
}

std::string format_duration(int64_t seconds) {
  if (seconds < 0) return "-" + format_duration(-seconds);
  struct Unit {
    int64_t length;
    const char* name;
  };
  static constexpr Unit kUnits[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
  std::string out;
  int shown = 0;
  for (const Unit& unit : kUnits) {
    const int64_t count = seconds / unit.length;
    if (shown == 0 && count == 0 && unit.length > 1) continue;
    if (shown == 1 && count == 0) break;
    if (shown) out += ' ';
    out += std::to_string(count) + " " + unit.name;
    seconds %= unit.length;
    if (++shown == 2) break;
  }
  return out;
}

std::optional<int64_t> parse_etime(std::string_view text) {
  int64_t days = 0;
  if (const size_t dash = text.find('-'); dash != std::string_view::npos) {
    const auto value = parse_int(text.substr(0, dash));
    if (!value || *value < 0 || *value > 1000000) return std::nullopt;
    days = *value;
    text.remove_prefix(dash + 1);
  }
  const auto parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  int64_t total = 0;
  for (const std::string_view part : parts) {
    const auto value = parse_int(part);
    if (part.size() != 2 || !value || *value < 0) return std::nullopt;
    total = total * 60 + *value;
  }
  return days * 86400 + total;
}

}  // namespace ngxdiag::base

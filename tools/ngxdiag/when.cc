#include "tools/ngxdiag/when.h"

#include <optional>
#include <string>
#include <vector>

#include "libdiag/base/error.h"
#include "libdiag/base/regex.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

constexpr int64_t kDay = 86400;

base::CivilTime day_of(base::CivilTime time) { return time - time % kDay; }

std::optional<base::CivilTime> read(std::string_view text, base::CivilTime now) {
  static const base::Regex kAgo("^(\\d{1,7}) ?(s|sec|m|min|h|hours?|d|days?|w|weeks?) ago$");
  static const base::Regex kClock("^(\\d\\d:\\d\\d)(:\\d\\d)?$");
  static const base::Regex kDate(
      "^(\\d{4}[-/]\\d\\d[-/]\\d\\d)(?:[T ](\\d\\d:\\d\\d)(:\\d\\d)?)?$");
  if (text == "now") return now;
  if (text == "today") return day_of(now);
  if (text == "yesterday") return day_of(now) - kDay;
  std::vector<std::string_view> groups;
  if (kAgo.search(text, groups)) {
    const char unit = groups[2][0];
    const int64_t seconds = unit == 's'   ? 1
                            : unit == 'm' ? 60
                            : unit == 'h' ? 3600
                            : unit == 'd' ? kDay
                                          : 7 * kDay;
    return now - base::parse_int(groups[1]).value_or(0) * seconds;
  }
  const auto whole = [](std::string_view date, std::string_view clock, std::string_view seconds) {
    return base::parse_civil(std::string(date) + ' ' +
                             (clock.empty() ? "00:00" : std::string(clock)) +
                             (seconds.empty() ? ":00" : std::string(seconds)));
  };
  if (kClock.search(text, groups))
    return whole(base::format_civil(now).substr(0, 10), groups[1], groups[2]);
  if (kDate.search(text, groups)) return whole(groups[1], groups[2], groups[3]);
  return std::nullopt;
}

}  // namespace

base::CivilTime parse_when(std::string_view text, base::CivilTime now, std::string_view option) {
  if (const auto time = read(text, now)) return *time;
  throw base::UserError(std::string(option) + ": not a time: " + base::printable(text), "ngxdiag",
                        {}, {}, "write '2026-04-21 23:18', 23:18, '2h ago', today or yesterday");
}

}  // namespace ngxdiag::tools

#include "tools/ngxdiag/clock.h"

#include <climits>
#include <cstdio>
#include <ctime>
#include <unistd.h>

#include "libdiag/base/error.h"
#include "libdiag/base/regex.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

std::string offset_text(long seconds) {
  char out[24];
  const long minutes = (seconds < 0 ? -seconds : seconds) / 60;
  std::snprintf(out, sizeof out, "%c%02ld:%02ld", seconds < 0 ? '-' : '+', minutes / 60 % 100,
                minutes % 60);
  return out;
}

Now from_tm(const std::tm& local) {
  const auto civil = base::civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                                 local.tm_hour, local.tm_min, local.tm_sec);
  Now out;
  out.civil = civil.value_or(0);
  out.rfc3339 = base::format_civil(out.civil, 'T') + offset_text(local.tm_gmtoff);
  return out;
}

}  // namespace

Now now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm local{};
  localtime_r(&seconds, &local);
  return from_tm(local);
}

Now parse_now(std::string_view text) {
  static const base::Regex kForm(
      "^(\\d{4}[-/]\\d\\d[-/]\\d\\d)(?:[T "
      "](\\d\\d:\\d\\d)(:\\d\\d)?(?:\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)?$");
  std::vector<std::string_view> groups;
  std::optional<base::CivilTime> civil;
  if (kForm.search(text, groups)) {
    std::string whole(groups[1]);
    whole += ' ';
    whole += groups[2].empty() ? "00:00" : groups[2];
    whole += groups[3].empty() ? ":00" : groups[3];
    civil = base::parse_civil(whole);
  }
  if (!civil)
    throw base::UserError("--now: not a time: " + base::printable(text), "ngxdiag", {}, {},
                          "write 2026-04-22T09:00:00+02:00 or '2026-04-22 09:00:00'");
  Now out;
  out.civil = *civil;
  std::string zone(groups[4]);
  if (zone.empty()) {
    // The offset that this machine's clock had, or will have, at that time.
    std::tm local{};
    const int64_t second = *civil % 86400;
    const std::string date = base::format_civil(*civil);
    local.tm_year = static_cast<int>(base::parse_int(date.substr(0, 4)).value_or(1970)) - 1900;
    local.tm_mon = static_cast<int>(base::parse_int(date.substr(5, 2)).value_or(1)) - 1;
    local.tm_mday = static_cast<int>(base::parse_int(date.substr(8, 2)).value_or(1));
    local.tm_hour = static_cast<int>(second / 3600);
    local.tm_min = static_cast<int>(second / 60 % 60);
    local.tm_sec = static_cast<int>(second % 60);
    local.tm_isdst = -1;
    std::mktime(&local);
    zone = offset_text(local.tm_gmtoff);
  }
  out.rfc3339 = base::format_civil(*civil, 'T') + zone;
  return out;
}

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return "";
  return name;
}

}  // namespace ngxdiag::tools

// Syslog messages of RFC 5424, as rsyslog and syslog-ng relay and keep them:
//   <187>1 2026-04-21T23:18:20.123+02:00 web1 nginx 812 - [ex@32473 iut="3"] 2026/04/21 23:18:20 …
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ngxdiag::base {

// Views into the line. "-" (not known) is "".
struct SyslogLine {
  std::string_view time, host, program;
  int64_t pid = 0;  // 0: not known, or no number
  std::string_view message;
};

// Empty when the line does not begin with a priority and the version 1, or ends before its
// structured data does.
std::optional<SyslogLine> parse_rfc5424(std::string_view line);

}  // namespace ngxdiag::base

// What syslog, the journal, docker, CRI, docker compose, kubectl and grep put before a line of a
// log. Examples:
//   {"log":"2026/04/21 23:18:20 [alert] 1#1:
//   …\n","stream":"stderr","time":"2026-04-21T23:18:20.1Z"} 2026-04-21T23:18:20.123456789Z stderr F
//   2026/04/21 23:18:20 [alert] 1#1: … Apr 21 23:18:20 web1 nginx[812]: 2026/04/21 23:18:20 [alert]
//   812#812: … nginx_1  | 2026/04/21 23:18:20 [alert] 1#1: …
//   /var/log/nginx/error.log-1701637201.gz:2023/12/04 00:03:45 [alert] 3166959#3166959: …
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

// The text after any framing. The line itself when there is none. Always a view into the line: the
// escapes of docker's JSON (\" \\ \u003c) are left as they are. `time` and `pid` get what the frame
// says, when it says so: the time of docker and CRI is UTC; syslog's has no year and is given only
// when `near` is; the pid only when the program is nginx or a relative.
std::string_view strip_frame(std::string_view line, std::optional<base::CivilTime>* time = nullptr,
                             int64_t* pid = nullptr, std::optional<base::CivilTime> near = {});

}  // namespace ngxdiag::parse

// What others put before a program's own line: syslog, the journal, container logs, grep.
#pragma once

#include <string_view>

namespace ngxdiag::source {

// `rest` is the program's own line (a view into the framed one), `tag` the program's name when the
// frame tells it ("kernel", "systemd", "nginx"). Frames that are taken off:
//   Apr 13 11:30:43 host nginx[4178042]: …          syslog, journalctl (months of any language)
//   2024-04-13T11:30:43+0200 host nginx[42]: …      journalctl -o short-iso, rsyslog
//   <187>1 2024-04-13T11:30:43Z host nginx 42 - - … syslog as relayed (RFC 5424, RFC 3164)
//   2026-04-21T23:18:20.123456789Z stderr F …       CRI
//   {"log":"…","stream":"stderr","time":"…"}        docker's json-file (rest still JSON-escaped)
//   web-1  | …                                      docker compose logs
//   /var/log/nginx/error.log.1.gz:2023/12/04 …      grep -H, zgrep
// A line with none of them comes back whole with framed == false.
struct LineFrame {
  bool framed = false;
  std::string_view tag, rest;
};

LineFrame line_frame(std::string_view line);

}  // namespace ngxdiag::source

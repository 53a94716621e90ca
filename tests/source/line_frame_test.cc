#include "libdiag/source/line_frame.h"

#include <doctest/doctest.h>

using ngxdiag::source::line_frame;
using ngxdiag::source::LineFrame;

TEST_CASE("syslog and journal frames give the tag and the program's own line") {
  auto f = line_frame(
      "Apr 13 11:30:43 host nginx[4178042]: nginx: [emerg] unknown directive \"brotli\"");
  CHECK(f.tag == "nginx");
  CHECK(f.rest == "nginx: [emerg] unknown directive \"brotli\"");
  f = line_frame(
      "mars 25 01:04:22 Codimeo-fra1-01 systemd[1]: openresty.service: Start operation timed out.");
  CHECK(f.tag == "systemd");
  f = line_frame("Feb 15 18:49:53  kernel: nginx[8194]: segfault at 0 ip 00000000004a5d9b");
  CHECK(f.tag == "kernel");
  CHECK(f.rest == "nginx[8194]: segfault at 0 ip 00000000004a5d9b");
  f = line_frame("2024-04-13T11:30:43+0200 web1 nginx[42]: hello");
  CHECK(f.tag == "nginx");
  CHECK(f.rest == "hello");
}

TEST_CASE("container frames are taken off, also one inside the other") {
  CHECK(line_frame("2026-04-21T23:18:20.123456789Z stderr F 2026/04/21 23:18:20 [alert] 1#1: x")
            .rest == "2026/04/21 23:18:20 [alert] 1#1: x");
  CHECK(line_frame("web-1  | 2026/04/21 23:18:20 [alert] 1#1: x").rest ==
        "2026/04/21 23:18:20 [alert] 1#1: x");
  CHECK(line_frame("{\"log\":\"2026/04/21 23:18:20 [alert] 1#1: x\\n\",\"stream\":\"stderr\"}")
            .rest == "2026/04/21 23:18:20 [alert] 1#1: x");
  CHECK(line_frame("[pod/web-7c4/nginx] 2026/04/21 23:18:20 [alert] 1#1: x").rest ==
        "2026/04/21 23:18:20 [alert] 1#1: x");
  CHECK(line_frame("/var/log/nginx/error.log-1701637201.gz:2023/12/04 00:03:45 [alert] 1#1: x")
            .rest == "2023/12/04 00:03:45 [alert] 1#1: x");
  CHECK(line_frame("/etc/nginx/nginx.conf:12:  ssl_stapling on;").rest == "  ssl_stapling on;");
}

TEST_CASE("a line without a frame comes back whole") {
  for (const auto* line :
       {"worker process 11458 exited on signal 11", "proxy_pass http://x;", "", "a", "|",
        "::::::::",
        "root  17776 17765  0 19:47 ?  00:00:00 nginx: master process /usr/sbin/nginx"}) {
    CHECK(line_frame(line).rest == line);
    CHECK_FALSE(line_frame(line).framed);
  }
}

TEST_CASE("syslog as it is relayed over the network") {
  const LineFrame new_form = line_frame(
      "<187>1 2026-04-21T23:18:20Z web1 /usr/sbin/nginx 812 - [a b=\"]\"] 2026/04/21 23:18:20 x");
  CHECK(new_form.tag == "nginx");
  CHECK(new_form.rest == "2026/04/21 23:18:20 x");
  const LineFrame old_form = line_frame("<187>Apr 21 23:18:20 web1 nginx: 2026/04/21 23:18:20 x");
  CHECK(old_form.tag == "nginx");
  CHECK(old_form.rest == "2026/04/21 23:18:20 x");
  CHECK_FALSE(line_frame("<html> <b>not syslog</b>").framed);
}

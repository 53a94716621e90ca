#include "libdiag/parse/log_frame.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using parse::strip_frame;

namespace {
constexpr std::string_view kLine =
    "2026/04/21 23:18:20 [alert] 812#812: worker process 9 exited on signal 11";
}

TEST_CASE("the stamp of Docker Desktop before nginx's own") {
  CHECK(strip_frame("2025-07-18 17:55:50 2025/07/18 14:55:50 [alert] 1#1: x") ==
        "2025/07/18 14:55:50 [alert] 1#1: x");
  CHECK(strip_frame("2025-07-18 17:55:50 | 2025/07/18 14:55:50 [alert] 1#1: x") ==
        "2025/07/18 14:55:50 [alert] 1#1: x");
}

TEST_CASE("a line without a frame is left alone") {
  CHECK(strip_frame(kLine) == kLine);
  CHECK(strip_frame("") == "");
  const std::string_view assertion =
      "ker process: /build/nchan/memstore.c:705: nchan_store_init_worker: Assertion "
      "`procslot_found == 1' failed.";
  CHECK(strip_frame(assertion) == assertion);
  const std::string_view lua = "stack traceback:";
  CHECK(strip_frame(lua) == lua);
}

TEST_CASE("frames of syslog and the journal are stripped") {
  int64_t pid = 0;
  std::optional<base::CivilTime> time;
  const std::string line(kLine);
  CHECK(strip_frame("Apr 21 23:18:20 web1 nginx[812]: " + line, &time, &pid).ends_with(line));
  CHECK(pid == 812);
  CHECK_FALSE(time);  // no year
  CHECK(strip_frame("<187>Apr 21 23:18:20 web1 nginx: " + line) == kLine);
  CHECK(strip_frame("Apr  1 23:18:20.123456 web1 nginx[812]: " + line) == kLine);
  CHECK(strip_frame("mars 25 01:04:22 web1 nginx[812]: " + line) == kLine);
  CHECK(strip_frame("nginx[812]: " + line) == kLine);
  CHECK(strip_frame("Tue 2026-04-21 23:18:20 CEST web1 nginx[812]: x", &time) == "x");
  CHECK(time == base::civil(2026, 4, 21, 23, 18, 20));
}

TEST_CASE("a syslog frame gives its time when the year is known") {
  std::optional<base::CivilTime> time;
  strip_frame("Apr 21 23:18:20 web1 nginx[812]: x", &time, nullptr, *base::civil(2026, 5, 1));
  CHECK(time == base::civil(2026, 4, 21, 23, 18, 20));
}

TEST_CASE("rsyslog's and the journal's ISO times are the frame's time") {
  std::optional<base::CivilTime> time;
  int64_t pid = 0;
  CHECK(strip_frame("2026-04-21T23:18:20.123456+02:00 web1 nginx[812]: nginx: [emerg] x", &time,
                    &pid) == "nginx: [emerg] x");
  CHECK(time == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(pid == 812);
}

TEST_CASE("the pid of another program is not nginx's") {
  int64_t pid = 0;
  CHECK(strip_frame("Apr 21 23:18:20 web1 dockerd[700]: hello", nullptr, &pid) == "hello");
  CHECK(pid == 0);
}

TEST_CASE("frames of containers are stripped") {
  std::optional<base::CivilTime> time;
  CHECK(
      strip_frame(
          R"({"log":"2026/04/21 23:18:20 [alert] 1#1: shared memory zone \"memstore\" was locked by 9\n","stream":"stderr","time":"2026-04-21T21:18:20.1Z"})",
          &time) ==
      R"(2026/04/21 23:18:20 [alert] 1#1: shared memory zone \"memstore\" was locked by 9)");
  CHECK(time == base::civil(2026, 4, 21, 21, 18, 20));
  const std::string line(kLine);
  CHECK(strip_frame("2026-04-21T23:18:20.123456789Z stderr F " + line) == kLine);
  CHECK(strip_frame("2026-04-21T23:18:20.123456789Z " + line) == kLine);
  CHECK(strip_frame("nginx_1  | " + line) == kLine);
  CHECK(strip_frame("web-nginx-1  | " + line) == kLine);
  CHECK(strip_frame("\x1b[36mnginx_1  |\x1b[0m " + line) == kLine);
  CHECK(strip_frame("[pod/web-0/nginx] " + line) == kLine);
}

TEST_CASE("grep's file names are stripped") {
  const std::string line(kLine);
  CHECK(strip_frame("/var/log/nginx/error.log-1701637201.gz:" + line) == kLine);
  CHECK(strip_frame("error.log:17:" + line) == kLine);
}

TEST_CASE("indented and quoted pastes are read") {
  const std::string line(kLine);
  CHECK(strip_frame("    " + line) == kLine);
  CHECK(strip_frame("> " + line) == kLine);
}

TEST_CASE("nested frames are stripped, but not without end") {
  const std::string line(kLine);
  CHECK(strip_frame("Apr 21 23:18:20 h docker[7]: nginx_1  | " + line) == kLine);
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += "> ";
  CHECK(strip_frame(deep).size() > deep.size() - 20);
}

TEST_CASE("syslog of RFC 5424 is stripped, with its time and pid") {
  std::optional<base::CivilTime> time;
  int64_t pid = 0;
  const std::string line(kLine);
  CHECK(
      strip_frame("<187>1 2026-04-21T23:18:20.123456+02:00 web1 nginx 812 - - " + line, &time, &pid)
          .ends_with(line));
  CHECK(time == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(pid == 812);
  CHECK(strip_frame("<187>1 2026-04-21T23:18:20Z web1 nginx 812 - [e q=\"\\]\"] x") == "x");
}

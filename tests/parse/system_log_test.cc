#include "libdiag/parse/system_log.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::parse;

namespace {
const base::CivilTime kNear = *base::civil(2026, 5, 1);
}

TEST_CASE("syslog and journal lines") {
  auto line = parse_system_line(
      "Apr 21 23:18:20 web1 systemd[1]: nginx.service: State 'stop-sigterm' timed out. Killing.",
      kNear);
  REQUIRE(line);
  CHECK(line->time == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(line->host == "web1");
  CHECK(line->program == "systemd");
  CHECK(line->pid == 1);
  CHECK(line->message == "nginx.service: State 'stop-sigterm' timed out. Killing.");
  line = parse_system_line("2026-04-21T23:18:20+0200 web1 systemd[1]: Reloading.", kNear);
  REQUIRE(line);
  CHECK(line->time == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(line->message == "Reloading.");
  line = parse_system_line(
      "2026-04-21T23:18:20.123456+02:00 web1 CRON[77]: (root) CMD (certbot renew)", kNear);
  REQUIRE(line);
  CHECK(line->program == "CRON");
  line = parse_system_line("Tue 2026-04-21 23:18:20 CEST web1 systemd[1]: Reloading.", kNear);
  REQUIRE(line);
  CHECK(line->host == "web1");
}

TEST_CASE("what people take out of them") {
  auto line = parse_system_line(
      "systemd[1]: Reloading A high performance web server and a reverse proxy server.", kNear);
  REQUIRE(line);
  CHECK_FALSE(line->time);
  CHECK(line->program == "systemd");
  line = parse_system_line("Feb 15 18:49:53  kernel: nginx[8194]: segfault at 0", kNear);
  REQUIRE(line);
  CHECK(line->host.empty());
  CHECK(line->program == "kernel");
}

TEST_CASE("months of another language cost only the time") {
  for (const std::string_view text :
       {"mars 25 01:04:22 h systemd[1]: x", "août 25 01:04:22 h systemd[1]: x",
        "déc. 25 01:04:22 h systemd[1]: x", "Okt 25 01:04:22 h systemd[1]: x"}) {
    const auto line = parse_system_line(text, kNear);
    REQUIRE(line);
    CHECK_FALSE(line->time);
    CHECK(line->program == "systemd");
    CHECK(line->message == "x");
  }
}

TEST_CASE("other lines are empty") {
  for (const std::string_view text :
       {"", "nginx: [emerg] x", "nginx.service: Failed with result 'exit-code'.",
        "2026/04/21 23:18:20 [alert] 1#1: x", "Apr 21 23:18:20", "Apr 41 23:18:20 h p: x",
        "some text: here", "[12.3] nginx[5]: segfault"})
    CHECK_FALSE(parse_system_line(text, kNear));
}

TEST_CASE("jobs of units, old and new wording") {
  auto unit = parse_unit(
      "Reloaded nginx.service - A high performance web server and a reverse proxy server.");
  CHECK(unit.event == UnitEvent::kReloaded);
  CHECK(unit.unit == "nginx.service");
  unit = parse_unit("Reloaded A high performance web server and a reverse proxy server.");
  CHECK(unit.event == UnitEvent::kReloaded);
  CHECK(unit.unit.empty());
  CHECK(parse_unit(
            "Starting nginx.service - A high performance web server and a reverse proxy server...")
            .event == UnitEvent::kStarting);
  CHECK(parse_unit("Stopped nginx.service.").unit == "nginx.service");
  unit = parse_unit(
      "Failed to start nginx.service - A high performance web server and a reverse proxy server.");
  CHECK(unit.event == UnitEvent::kFailed);
  CHECK(unit.unit == "nginx.service");
  CHECK(parse_unit("Reload failed for nginx.service - A high performance web server.").event ==
        UnitEvent::kFailed);
}

TEST_CASE("states of units") {
  auto unit = parse_unit("nginx.service: Killing process 28387 (nginx) with signal SIGKILL.");
  CHECK(unit.event == UnitEvent::kKilling);
  CHECK(unit.pid == 28387);
  CHECK(unit.detail == "signal SIGKILL");
  CHECK(unit.unit == "nginx.service");
  CHECK(parse_unit("nginx.service: State 'stop-sigterm' timed out. Killing.").event ==
        UnitEvent::kStopTimeout);
  CHECK(parse_unit("nginx.service: Stopping timed out. Terminating.").event ==
        UnitEvent::kStopTimeout);
  CHECK(parse_unit("openresty.service: Start operation timed out. Terminating.").event ==
        UnitEvent::kStartTimeout);
  unit = parse_unit("nginx.service: Main process exited, code=killed, status=6/ABRT");
  CHECK(unit.event == UnitEvent::kMainExited);
  CHECK(unit.detail == "code=killed, status=6/ABRT");
  unit = parse_unit("openresty.service: Failed with result 'timeout'.");
  CHECK(unit.event == UnitEvent::kFailed);
  CHECK(unit.detail == "result 'timeout'");
  CHECK(parse_unit("nginx.service: Control process exited, code=exited, status=1/FAILURE").event ==
        UnitEvent::kControlExited);
  CHECK(parse_unit("nginx.service: Deactivated successfully.").event == UnitEvent::kStopped);
  CHECK(parse_unit("nginx.service: A process of this unit has been killed by the OOM killer.")
            .event == UnitEvent::kOomKilled);
  unit = parse_unit("   Main PID: 812 (code=killed, signal=SEGV)");
  CHECK(unit.event == UnitEvent::kMainExited);
  CHECK(unit.pid == 812);
  CHECK(unit.detail == "code=killed, signal=SEGV");
  CHECK(parse_unit("   Main PID: 812 (nginx)").event == UnitEvent::kNone);
}

TEST_CASE("a state without a known event still names its unit") {
  const auto unit =
      parse_unit("nginx.service: Failed to parse PID from file /run/nginx.pid: Invalid argument");
  CHECK(unit.event == UnitEvent::kNone);
  CHECK(unit.unit == "nginx.service");
  CHECK(parse_unit("").event == UnitEvent::kNone);
  CHECK(parse_unit("hello: world").unit.empty());
}

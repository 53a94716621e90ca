#include "libdiag/base/time.h"

#include <doctest/doctest.h>

using namespace ngxdiag::base;

TEST_CASE("nginx, ISO and blank-separated times are the same instant of the wall clock") {
  const auto time = civil(2026, 4, 21, 23, 18, 20);
  REQUIRE(time);
  CHECK(parse_civil("2026/04/21 23:18:20 [alert]") == time);
  CHECK(parse_civil("2026-04-21T23:18:20+02:00") == time);
  CHECK(parse_civil("2026-04-21 23:18:20,123:DEBUG") == time);
  CHECK(format_civil(*time) == "2026-04-21 23:18:20");
  CHECK_FALSE(parse_civil("2026/13/21 23:18:20"));
  CHECK_FALSE(parse_civil("2026/04/21 25:18:20"));
  CHECK_FALSE(parse_civil("short"));
}

TEST_CASE("a syslog time takes the year that lies nearest") {
  const auto new_year = *civil(2026, 1, 1, 0, 5, 0);
  CHECK(parse_syslog_time("Dec 31 23:59:59 host", new_year) == civil(2025, 12, 31, 23, 59, 59));
  CHECK(parse_syslog_time("Jan  1 00:04:00 host", new_year) == civil(2026, 1, 1, 0, 4, 0));
  CHECK_FALSE(parse_syslog_time("Foo 31 23:59:59", new_year));
}

TEST_CASE("durations and etimes") {
  CHECK(format_duration(40) == "40 s");
  CHECK(format_duration(7500) == "2 h 5 min");
  CHECK(format_duration(3 * 86400 + 4 * 3600) == "3 d 4 h");
  CHECK(parse_etime("02:03") == 123);
  CHECK(parse_etime("1-02:03:04") == 93784);
  CHECK_FALSE(parse_etime("12"));
}

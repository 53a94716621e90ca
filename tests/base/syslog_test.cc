#include "libdiag/base/syslog.h"

#include <doctest/doctest.h>

using namespace ngxdiag::base;

TEST_CASE("a message of RFC 5424 with structured data") {
  const auto line = parse_rfc5424(
      "<187>1 2026-04-21T23:18:20.123456+02:00 web1 nginx 812 ID47 "
      "[ex@32473 iut=\"3\" q=\"a\\]\\\"b\"][x@1] \xef\xbb\xbf"
      "2026/04/21 23:18:20 [alert] 812#812: [x] y");
  REQUIRE(line);
  CHECK(line->time == "2026-04-21T23:18:20.123456+02:00");
  CHECK(line->host == "web1");
  CHECK(line->program == "nginx");
  CHECK(line->pid == 812);
  CHECK(line->message == "2026/04/21 23:18:20 [alert] 812#812: [x] y");
}

TEST_CASE("what is not known is empty") {
  const auto line = parse_rfc5424("<13>1 - - nginx - - - hello");
  REQUIRE(line);
  CHECK(line->time.empty());
  CHECK(line->host.empty());
  CHECK(line->pid == 0);
  CHECK(line->message == "hello");
  CHECK(parse_rfc5424("<13>1 - - - - - -")->message.empty());
}

TEST_CASE("other lines are none") {
  for (const char* text : {"", "<187>Apr 21 23:18:20 web1 nginx: x", "<999>1 - - - - - - x",
                           "<13>2 - - - - - - x", "<13>1 - - - - - [open \"", "<13>1 - - a",
                           "2026/04/21 23:18:20 [alert] 1#1: <13>1 - - - - - - x"})
    CHECK_FALSE(parse_rfc5424(text));
}

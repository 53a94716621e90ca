#include "libdiag/source/log_record.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::source;

TEST_CASE("a line of docker's json-file") {
  const auto record = json_record(
      R"({"log":"2026/04/21 23:18:20 [error] 7#7: *1 open() \"/a\" failed\n","stream":"stderr","attrs":{"tag":"web"},"time":"2026-04-21T23:18:20.123456789Z"})");
  REQUIRE(record);
  CHECK(record->text == "2026/04/21 23:18:20 [error] 7#7: *1 open() \"/a\" failed");
  CHECK(record->stream == "stderr");
  CHECK(record->utc == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(record->fraction == ".123456789");
  CHECK_FALSE(record->partial);
}

TEST_CASE("docker cuts a line by leaving its end out") {
  CHECK(
      json_record(R"({"log":"half of","stream":"stderr","time":"2026-04-21T23:18:20Z"})")->partial);
  // A shipper's object never has the line end.
  CHECK_FALSE(json_record(R"({"log":"2026/04/21 …","kubernetes":{"pod":"web-0"}})")->partial);
}

TEST_CASE("journal entries as JSON, also with bytes that are no text") {
  const auto record = json_record(
      R"({"_PID":"812","__REALTIME_TIMESTAMP":"1776813500123456","SYSLOG_IDENTIFIER":"nginx","_HOSTNAME":"web1","MESSAGE":"x"})");
  REQUIRE(record);
  CHECK(record->text == "x");
  CHECK(record->program == "nginx");
  CHECK(record->pid == 812);
  CHECK(record->host == "web1");
  CHECK(record->utc == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(record->fraction == ".123456");
  CHECK(json_record(R"({"MESSAGE":[109,252]})")->text == "m\xfc");
}

TEST_CASE("lines of log shippers") {
  CHECK(json_record(R"({"@timestamp":"2026-04-21T21:18:20.1Z","message":"m"})")->utc ==
        base::civil(2026, 4, 21, 21, 18, 20));
  CHECK(json_record(R"({"textPayload":"m","timestamp":"2026-04-21T23:18:20+02:00"})")->utc ==
        base::civil(2026, 4, 21, 21, 18, 20));
}

TEST_CASE("an object that holds no line of a log is none") {
  CHECK_FALSE(json_record(R"({"time":"2026-04-21T23:18:20+00:00","status":200})"));
  CHECK_FALSE(json_record("no object"));
}

TEST_CASE("CRI, whole and cut") {
  const auto whole = cri_record("2026-04-21T23:18:20.123456789+02:00 stderr F a b");
  REQUIRE(whole);
  CHECK(whole->text == "a b");
  CHECK(whole->utc == base::civil(2026, 4, 21, 21, 18, 20));
  CHECK_FALSE(whole->partial);
  CHECK(cri_record("2026-04-21T23:18:20.123456789Z stdout P a")->partial);
  CHECK(cri_record("2026-04-21T23:18:20.123456789Z stdout F ")->text.empty());
  CHECK_FALSE(cri_record("2026-04-21T23:18:20.123456789Z web1 nginx[1]: a"));
  CHECK_FALSE(cri_record("2026/04/21 23:18:20 [alert] 1#1: stderr F a b c d"));
}

TEST_CASE("a name cannot end the frame it is put into") {
  LogRecord record;
  set_journal_field(record, "SYSLOG_IDENTIFIER", "ng[1]: x");
  CHECK(record.program == "ng-1---x");
}

TEST_CASE("zones are counted out") {
  CHECK(parse_utc("2026-04-21T01:18:20+05:30") == base::civil(2026, 4, 20, 19, 48, 20));
  CHECK(parse_utc("2026-04-21T23:18:20-0700") == base::civil(2026, 4, 22, 6, 18, 20));
  CHECK_FALSE(parse_utc("2026-04-21T23:18:20"));
  CHECK_FALSE(parse_utc("2026-04-21T23:18:20+99:00"));
}

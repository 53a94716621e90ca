#include "libdiag/parse/error_log.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::parse;

TEST_CASE("nginx's own line") {
  const auto line = parse_error_line(
      "2026/04/21 23:18:20 [error] 812#813: *7 open() \"/x\" failed (2: No such file or "
      "directory), client: 192.0.2.1");
  REQUIRE(line);
  CHECK(line->time == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(line->level == Level::kError);
  CHECK(line->pid == 812);
  CHECK(line->tid == 813);
  CHECK(line->connection == 7);
  CHECK(line->message == "open() \"/x\" failed (2: No such file or directory), client: 192.0.2.1");
  CHECK_FALSE(line->stderr_form);
}

TEST_CASE("every level is read") {
  for (const Level level : {Level::kEmerg, Level::kAlert, Level::kCrit, Level::kError, Level::kWarn,
                            Level::kNotice, Level::kInfo, Level::kDebug}) {
    const std::string text = "2026/04/21 23:18:20 [" + std::string(level_name(level)) + "] 1#0: x";
    const auto line = parse_error_line(text);
    REQUIRE(line);
    CHECK(line->level == level);
    CHECK(line->message == "x");
  }
}

TEST_CASE("what people paste: no time, no level, no pid, blanked-out parts") {
  auto line = parse_error_line("[alert] 5776#5776: worker process 11968 exited on signal 6");
  REQUIRE(line);
  CHECK_FALSE(line->time);
  CHECK(line->pid == 5776);
  CHECK(parse_life(line->message).life == Life::kExitedOnSignal);

  line = parse_error_line("[alert] worker process XXXXX exited on signal 11 (core dumped)");
  REQUIRE(line);
  CHECK(line->level == Level::kAlert);
  CHECK(line->pid == 0);

  line = parse_error_line(
      "01:43:57 [alert] 18053#0: could not allocate node in cache keys zone \"x_cache\"");
  REQUIRE(line);
  CHECK_FALSE(line->time);
  CHECK(line->pid == 18053);
  CHECK(line->message == "could not allocate node in cache keys zone \"x_cache\"");

  line = parse_error_line("2013/02/25 11:01:08 [info] 4415#0: _3 connect: app='testvod' args=''");
  REQUIRE(line);
  CHECK(line->connection == 3);
  CHECK(line->message == "connect: app='testvod' args=''");

  line = parse_error_line(
      "2019/10/16 14:MM:SS [crit] 31375#31375: *XXXXXXXX connect() to 127.0.0.1:80 failed (99: "
      "Cannot assign requested address)");
  REQUIRE(line);
  CHECK_FALSE(line->time);
  CHECK(line->level == Level::kCrit);
  CHECK(line->connection == 0);
  CHECK(line->message.starts_with("connect()"));

  line = parse_error_line("812#812: *7 upstream timed out");
  REQUIRE(line);
  CHECK(line->level == Level::kNone);
  CHECK(line->connection == 7);
}

TEST_CASE("lines on standard error before the log is open") {
  auto line =
      parse_error_line("nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)");
  REQUIRE(line);
  CHECK(line->stderr_form);
  CHECK(line->level == Level::kEmerg);
  CHECK(line->message == "bind() to 0.0.0.0:80 failed (98: Address already in use)");
  line = parse_error_line("nginx: configuration file /etc/nginx/nginx.conf test failed");
  REQUIRE(line);
  CHECK(line->stderr_form);
  line = parse_error_line(
      "Nov 02 15:14:12 localdns1 nginx[17898]: nginx: [emerg] bind() to [fd42::1]:31080 failed "
      "(99: Unknown error)");
  REQUIRE(line);
  CHECK(line->pid == 17898);
  CHECK(line->message.starts_with("bind()"));
  CHECK_FALSE(parse_error_line("nginx: master process /usr/sbin/nginx"));
  CHECK_FALSE(parse_error_line("nginx: lua atpanic: Lua VM crashed, reason: not enough memory"));
}

TEST_CASE("framed lines keep their own time") {
  const auto line = parse_error_line(
      "Apr 13 11:30:43 host nginx[4178042]: 2024/04/13 11:30:43 [emerg] 4178042#4178042: unknown "
      "directive \"brotli\" in /etc/nginx/nginx.conf:100");
  REQUIRE(line);
  CHECK(line->time == base::civil(2024, 4, 13, 11, 30, 43));
  CHECK(line->level == Level::kEmerg);
}

TEST_CASE("the frame's time stands in when the line has none") {
  const auto line = parse_error_line("2026-04-21T23:18:20+0200 web1 nginx[812]: nginx: [emerg] x");
  REQUIRE(line);
  CHECK(line->time == base::civil(2026, 4, 21, 23, 18, 20));
}

TEST_CASE("lines without any mark are for the caller") {
  for (const std::string_view text :
       {"", "worker process 11458 exited on signal 11 (core dumped)",
        "stack traceback:", "ker process: /b/memstore.c:705: f: Assertion `x' failed.",
        "[lua] x.lua:3: y", "1234", "2026-04-21 23:18:20 x", "#0  0x0 in ?? ()"})
    CHECK_FALSE(parse_error_line(text));
  const auto bare = parse_bare_line("*10 SSL_do_handshake() failed (SSL: error:0A000410)");
  CHECK(bare.bare);
  CHECK(bare.connection == 10);
  CHECK(bare.message == "SSL_do_handshake() failed (SSL: error:0A000410)");
}

TEST_CASE("any bytes are read without harm") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  parse_error_line(all);
  parse_error_line(std::string("2026/04/21 23:18:20 [alert] 1#1: \0x\x1b[31m", 40));
  const auto huge = parse_error_line("2026/04/21 23:18:20 [alert] 99999999999999999999#1: x");
  REQUIRE(huge);
  CHECK(huge->pid == 0);
  CHECK(parse_error_line("2026/13/41 25:61:61 [alert] 1#1: x")->time == std::nullopt);
}

namespace {
// CVE-2009-4487: GET /x%0A2026/…%0Ay
constexpr std::string_view kForged[] = {
    "2026/04/21 23:18:20 [error] 5#5: *1 open() \"/root/x",
    "2026/01/01 00:00:00 [alert] 1#1: worker process 2 exited on signal 11",
    "y\" failed (2: No such file or directory), client: 192.0.2.66, server: _, request: \"GET "
    "/x%0A2026/01/01%2000:00:00%20x%0Ay HTTP/1.1\", host: \"h\"",
    "2026/04/21 23:18:21 [alert] 1#1: worker process 3 exited on signal 11"};
}  // namespace

TEST_CASE("a line with an open quote is incomplete") {
  CHECK_FALSE(is_complete_line(kForged[0]));
  CHECK(is_complete_line(kForged[1]));
  CHECK(is_complete_line(
      "2026/04/21 23:18:20 [error] 5#5: *1 open() \"/root/x\" failed (2: No such file or "
      "directory), client: 192.0.2.1, server: _, request: \"GET /x HTTP/1.1\", host: \"h\""));
  CHECK(is_complete_line(""));
}

TEST_CASE("a forger who closes his quote lacks the context") {
  CHECK_FALSE(is_complete_line("2026/04/21 23:18:20 [error] 5#5: *1 open() \"/root/x\""));
  CHECK(is_complete_line(
      "2026/04/21 23:18:20 [alert] 812#812: shared memory zone \"memstore\" was locked by 9"));
}

TEST_CASE("a line whose client was taken out by whoever pasted it is complete") {
  CHECK(is_complete_line(
      "2024/05/02 11:20:31 [error] 5#5: *1 upstream prematurely closed connection, "
      "request: \"POST /upload HTTP/1.1\""));
  CHECK_FALSE(
      is_complete_line("2024/05/02 11:20:31 [error] 5#5: *1 open() \"/root/x, request: a\""));
}

TEST_CASE("odd quotes of a whole line do not make it incomplete") {
  CHECK(is_complete_line(
      "2026/04/21 23:18:20 [error] 5#5: *1 open() \"/a\"b\" failed (2: No such file or directory), "
      "client: 192.0.2.1, server: _, request: \"GET /a%22b HTTP/1.1\", host: \"h\""));
  CHECK(
      is_complete_line("2026/04/21 23:18:20 [error] 5#5: *1 domain could not be resolved (2: "
                       "Server failure), client: 192.0.2.1, server: localhost, request: \"POST"));
  CHECK(is_complete_line("2026/04/21 23:18:20 [emerg] 5#5: unknown directive \"x"));
}

TEST_CASE("a forged context does not complete a line by itself") {
  CHECK_FALSE(is_complete_line(
      "2026/04/21 23:18:20 [error] 5#5: *1 open() \"/root/x, client: 1.1.1.1, server: a"));
  CHECK_FALSE(
      is_complete_line("2026/04/21 23:18:20 [error] 5#5: *1 open() \"/root/x, client: 1.1.1.1, "
                       "server: a, request: GET"));
}

TEST_CASE("lines cut at nginx's limit are complete") {
  std::string line = "2026/04/21 23:18:20 [error] 5#5: *1 open() \"/";
  line.resize(2047, 'x');
  CHECK(is_complete_line(line));
  line.resize(4095, 'x');
  CHECK(is_complete_line(line));
  line.resize(3000);
  CHECK_FALSE(is_complete_line(line));
}

TEST_CASE("the rest of a forgery tells of it") {
  CHECK(is_forged_tail(kForged[2]));
  CHECK_FALSE(is_forged_tail(kForged[1]));
  CHECK_FALSE(
      is_forged_tail("2026/04/21 23:18:20 [error] 5#5: *1 x, client: 192.0.2.1, server: _, "
                     "request: \"GET /x%0Ay HTTP/1.1\""));
}

TEST_CASE("the tracker trusts nothing between an open quote and its end") {
  RecordTracker tracker;
  CHECK(tracker.begins_record(kForged[0]));
  CHECK_FALSE(tracker.begins_record(kForged[1]));
  CHECK_FALSE(tracker.begins_record("2026/01/01 00:00:00 [alert] 1#1: quote \" closed"));
  CHECK_FALSE(tracker.begins_record(kForged[1]));
  CHECK_FALSE(tracker.begins_record(kForged[2]));
  CHECK(tracker.begins_record(kForged[3]));
}

TEST_CASE("Lua traces and FastCGI's stderr end, and the log is trusted again") {
  RecordTracker tracker;
  CHECK(
      tracker.begins_record("2026/04/21 23:18:20 [error] 5#5: *1 lua entry thread aborted: runtime "
                            "error: x.lua:3: attempt to index local \"a"));
  CHECK_FALSE(tracker.begins_record("stack traceback:"));
  CHECK_FALSE(tracker.begins_record("coroutine 0:"));
  CHECK_FALSE(
      tracker.begins_record("\tx.lua: in function <x.lua:1>, client: 192.0.2.1, server: _, "
                            "request: \"GET / HTTP/1.1\", host: \"h\""));
  CHECK(tracker.begins_record(kForged[3]));
  CHECK(tracker.begins_record(
      "2026/04/21 23:18:20 [error] 5#5: *1 FastCGI sent in stderr: \"PHP message: \"a"));
  int suspect = 0;
  while (!tracker.begins_record(kForged[3])) ++suspect;
  CHECK(suspect < 60);  // 4096 bytes
}

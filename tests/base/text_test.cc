#include "libdiag/base/text.h"

#include <doctest/doctest.h>

using namespace ngxdiag::base;

TEST_CASE("lines end at LF or CRLF, and the last one needs no end") {
  std::string_view rest = "a\r\nb\n\nc";
  CHECK(take_line(rest) == "a");
  CHECK(take_line(rest) == "b");
  CHECK(take_line(rest).empty());
  CHECK(take_line(rest) == "c");
  CHECK(rest.empty());
}

TEST_CASE("sizes and times are read as nginx reads them") {
  CHECK(parse_size("8k") == 8192);
  CHECK(parse_size("1m") == 1048576);
  CHECK(parse_size("512") == 512);
  CHECK_FALSE(parse_size("1x"));
  CHECK_FALSE(parse_size("9999999999999g"));
  CHECK(parse_seconds("30s") == 30);
  CHECK(parse_seconds("1h 5m") == 3900);
  CHECK(parse_seconds("1500ms") == 2);
  CHECK_FALSE(parse_seconds("soon"));
}

TEST_CASE("what is printed cannot drive a terminal") {
  CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(printable("tab\tok\nno") == "tab\tok\\x0ano");
  CHECK(printable("a\nb", true) == "a\nb");
  CHECK(printable("caf\xc3\xa9") == "caf\xc3\xa9");
  CHECK(printable("bad\xff") == "bad\\xff");
  CHECK(printable("c1\xc2\x9b") == "c1\\xc2\\x9b");
  CHECK(printable("\xe2\x80\xae") == "\\xe2\\x80\\xae");
}

TEST_CASE("shell quoting leaves plain words and disarms the rest") {
  CHECK(shell_quote("/etc/nginx/nginx.conf") == "/etc/nginx/nginx.conf");
  CHECK(shell_quote("a b") == "'a b'");
  CHECK(shell_quote("$(rm -rf /)") == "'$(rm -rf /)'");
  CHECK(shell_quote("it's") == "'it'\\''s'");
  CHECK(shell_quote("") == "''");
}

TEST_CASE("the closest candidate is offered only when it is near") {
  CHECK(closest("worker_exit", {"worker_exits", "zones"}) == "worker_exits");
  CHECK(closest("entirely", {"worker_exits", "zones"}).empty());
}

TEST_CASE("numbers are told as people write them") {
  CHECK(plural(1, "worker") == "1 worker");
  CHECK(plural(2361, "death") == "2,361 deaths");
  CHECK(plural(2, "process") == "2 processes");
  CHECK(grouped(-1234567) == "-1,234,567");
  CHECK(shorten("abcdef", 5) == "ab…");
}

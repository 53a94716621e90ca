#include "libdiag/parse/line_head.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace ngxdiag::parse;

namespace {

// What is read the short way is what parse_error_line() reads.
bool read(LineHeadReader& reader, std::string line) {
  line.resize(line.size() + 64, '\0');
  LineHead head;
  if (!reader.read(line.data(), head)) return false;
  const auto parsed = parse_error_line(std::string_view(line).substr(0, line.size() - 64));
  REQUIRE(parsed);
  CHECK(parsed->level == head.level);
  CHECK(parsed->pid == head.pid);
  CHECK(parsed->time == head.time);
  CHECK((parsed->connection != 0) == head.connection);
  CHECK(static_cast<size_t>(parsed->message.data() - line.data()) == head.size);
  return true;
}

}  // namespace

TEST_CASE("heads as nginx writes them are read") {
  LineHeadReader reader;
  for (const char* level : {"emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"}) {
    const std::string time = "2026/04/21 23:18:20 [" + std::string(level) + "] ";
    CHECK(read(reader, time + "812#812: reconfiguring"));
    CHECK(read(reader, time + "7#0: *7 open() failed"));
    CHECK(read(reader, time + "4194303#4194303: *1234567890 text"));
  }
  CHECK(read(reader, "2026/04/21 23:18:21 [error] 1#1: *9 text"));
  LineHead head;
  const std::string later = "2026/04/21 23:18:22 [error] 1#1: text" + std::string(64, ' ');
  REQUIRE(reader.read(later.data(), head));
  CHECK(head.new_time);
  REQUIRE(reader.read(later.data(), head));
  CHECK_FALSE(head.new_time);
}

TEST_CASE("anything else is left to the long way") {
  LineHeadReader reader;
  for (const char* line :
       {"", "2026/04/21 23:18:20", "2026/04/21 23:18:20 [erro] 1#1: text",
        "2026/04/21 23:18:20  [error] 1#1: text", "2026/04/21 23:18:20 [error]  1#1: text",
        "2026/04/21 23:18:20 [error] 1#1:text", "2026/04/21 23:18:20 [error] #1: text",
        "2026/04/21 23:18:20 [error] 1#1: *0 text", "2026/04/21 23:18:20 [error] 1#1: _3 text",
        "2026/04/21 23:18:20 [error] 1#1: *text", "2026/99/21 23:18:20 [error] 1#1: text",
        "2026-04-21 23:18:20 [error] 1#1: text", "nginx: [emerg] text",
        "2026/04/21 23:18:20 [error] 123456789#1: text"})
    CHECK_FALSE(read(reader, line));
}

TEST_CASE("a head with one byte changed is read the same or not at all") {
  LineHeadReader reader;
  std::mt19937 dice(5);
  const std::string good = "2026/04/21 23:18:20 [error] 812#812: *7 connect() failed";
  for (int i = 0; i < 3000; ++i) {
    std::string line = good;
    line[dice() % 42] = static_cast<char>(dice() % 2 ? ' ' + dice() % 95 : '0' + dice() % 10);
    read(reader, line);
  }
}

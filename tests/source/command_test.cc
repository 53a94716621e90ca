#include "libdiag/source/command.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::source;
using namespace std::chrono_literals;

TEST_CASE("a program's output is a stream, and its words are no shell's") {
  model::Gap gap;
  const auto stream = command_output({"/bin/echo", "a $(b)", "; c"}, 5000ms, "echo")(gap);
  REQUIRE(stream);
  CHECK(read_some(*stream, 100) == "a $(b) ; c\n");
  CHECK_FALSE(stream->gap());
}

TEST_CASE("a program that hangs is ended and said so") {
  model::Gap gap;
  const auto stream = command_output({"/bin/sleep", "600"}, 50ms, "sleep")(gap);
  REQUIRE(stream);
  CHECK(read_some(*stream, 100).empty());
  REQUIRE(stream->gap());
  CHECK(stream->gap()->why.find("too long") != std::string::npos);
}

TEST_CASE("a program that is not there is a gap") {
  model::Gap gap;
  CHECK(command_output({"/nonexistent/journalctl"}, 50ms, "journal")(gap) == nullptr);
  CHECK(gap.what == "journal");
}

#include "libdiag/source/streams.h"

#include <cerrno>
#include <limits>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace ngxdiag::source;

TEST_CASE("a stream that was looked into gives its head again") {
  auto inner = memory_stream(std::make_shared<const std::string>("world"));
  auto stream = prefixed_stream("hello ", std::move(inner));
  CHECK(read_some(*stream, 8) == "hello wo");
  CHECK(read_some(*stream, 100) == "rld");
  CHECK(read_some(*stream, 100).empty());
}

TEST_CASE("places of a stream count only while its head is what was read") {
  const auto text = std::make_shared<const std::string>("abcdef");
  const auto stream = [&](bool altered) {
    auto rest = memory_stream(text);
    std::string head = read_some(*rest, 3);
    if (altered) head.erase(0, 1);
    return prefixed_stream(head, std::move(rest), altered);
  };
  CHECK(stream(false)->seekable_size() == 6);
  CHECK(stream(true)->seekable_size() == 0);
  CHECK(read_some(*stream(true), 9) == "bcdef");
}

TEST_CASE("a descriptor gives no more than its limit") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "0123456789", 10) == 10);
  auto stream = descriptor_stream(ends[0], 4, "pipe");
  CHECK(read_some(*stream, 100) == "0123");
  CHECK_FALSE(stream->gap());
  ::close(ends[1]);
}

TEST_CASE("a read that fails ends with a gap") {
  char byte;
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  auto write_end = descriptor_stream(ends[1], std::numeric_limits<uint64_t>::max(), "write end");
  CHECK(write_end->read(&byte, 1) == 0);
  REQUIRE(write_end->gap());
  CHECK(write_end->gap()->what == "write end");
  ::close(ends[0]);
}

TEST_CASE("errors are told in plain words") {
  CHECK(why_errno(EACCES) == "permission denied: run as root");
  CHECK(why_errno(ENOENT) == "does not exist");
}

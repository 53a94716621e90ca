#include "libdiag/source/archive.h"

#include <doctest/doctest.h>

#include "tests/source/packed.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

namespace {

Opener opener(std::string bytes) {
  const auto shared = std::make_shared<const std::string>(std::move(bytes));
  return [shared](model::Gap&) { return memory_stream(shared); };
}

}  // namespace

TEST_CASE("tar and zip are told by content") {
  CHECK(is_archive(packed::archived({{"a", "x"}})));
  CHECK(is_archive(packed::archived({{"a", "x"}}, true)));
  CHECK_FALSE(is_archive("2026/04/21 23:18:20 [alert]"));
  CHECK_FALSE(is_archive(std::string(1024, '\0')));
  CHECK_FALSE(is_archive(""));
}

TEST_CASE("members are visited in order, their paths made harmless") {
  for (const bool zip : {false, true}) {
    const auto open = opener(
        packed::archived({{"../../etc/passwd", "one"}, {"/abs/b", "two"}, {"c", "three"}}, zip));
    std::vector<std::string> seen;
    model::Gap gap;
    each_member(
        open, "x",
        [&](const Member& member, ByteStream& bytes) {
          seen.push_back(member.path + "=" + read_some(bytes, 100));
          return true;
        },
        gap);
    CHECK(seen == std::vector<std::string>{"etc/passwd=one", "abs/b=two", "c=three"});
    CHECK(gap.why.empty());
  }
}

TEST_CASE("a member can be opened again later") {
  const auto open = opener(packed::archived({{"a", "one"}, {"b", "two"}, {"c", "three"}}));
  model::Gap gap;
  const auto stream = member_opener(open, "x", 1)(gap);
  REQUIRE(stream);
  CHECK(read_some(*stream, 100) == "two");
  CHECK(member_opener(open, "x", 9)(gap) == nullptr);
  CHECK(gap.what == "x");
}

TEST_CASE("a damaged archive gives what stood before") {
  const std::string whole =
      packed::archived({{"a", std::string(5000, 'a')}, {"b", std::string(50000, 'b')}});
  std::vector<std::string> seen;
  model::Gap gap;
  each_member(
      opener(whole.substr(0, 20000)), "x.tar",
      [&](const Member& member, ByteStream& bytes) {
        read_some(bytes, 1u << 20);
        seen.push_back(member.path);
        return true;
      },
      gap);
  CHECK(seen == std::vector<std::string>{"a", "b"});
  CHECK(gap.what == "x.tar");
}

TEST_CASE("paths are labels") {
  CHECK(neutral_path("../../a/./b//c") == "a/b/c");
  CHECK(neutral_path("a/../../b") == "b");
  CHECK(neutral_path("/") == "");
}

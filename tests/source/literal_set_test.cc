#include "libdiag/source/literal_set.h"

#include <string>

#include <doctest/doctest.h>

using ngxdiag::source::LiteralSet;

namespace {
constexpr LiteralSet kSet(std::to_array<std::string_view>({"segfault at ", "segv", "oom-killer",
                                                           "oom"}));
}

TEST_CASE("every literal that stands in the text is found, also at its ends and overlapping") {
  CHECK(kSet.find("nginx[9]: segfault at 8").to_string() == "0001");
  CHECK(kSet.find("oom-killer").to_string() == "1100");
  CHECK(kSet.find("a segv and oom").to_string() == "1010");
  CHECK(kSet.find("segfault at").none());
  CHECK(kSet.find("oo").none());
  CHECK(kSet.find("").none());
}

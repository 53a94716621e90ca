#include "libdiag/analyze/space_saving.h"

#include <doctest/doctest.h>

using ngxdiag::analyze::SpaceSaving;

TEST_CASE("few keys are counted exactly, in order") {
  SpaceSaving sketch(4);
  for (const char* key : {"b", "a", "b", "", "c"}) sketch.add(key);
  const auto top = sketch.top(2);
  REQUIRE(top.size() == 2);
  CHECK(top[0].key == "b");
  CHECK(top[0].count == 2);
  CHECK(top[1].key == "a");
  CHECK(sketch.exact());
}

TEST_CASE("a frequent key survives a flood of rare ones, and its error is said") {
  SpaceSaving sketch(16);
  for (int i = 0; i < 10000; ++i) {
    sketch.add("rare" + std::to_string(i));
    if (i % 4 == 0) sketch.add("frequent");
  }
  const auto top = sketch.top(1);
  REQUIRE(top.size() == 1);
  CHECK(top[0].key == "frequent");
  CHECK(top[0].count >= 2500);
  CHECK(top[0].count - top[0].error <= 2500);
  CHECK_FALSE(sketch.exact());
}

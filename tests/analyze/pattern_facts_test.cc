#include "libdiag/analyze/pattern_facts.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

TEST_CASE("not met is zero only where evidence of its kind was looked at") {
  Scene scene;
  scene.patterns = {{"r/log", {model::Kind::kErrorLog}, "never there", {}, {}},
                    {"r/kernel", {model::Kind::kKernelLog}, "never there", {}, {}}};
  const auto facts =
      scene.with("error.log", "2026/04/21 23:00:00 [error] 9#9: *1 something\n").facts();
  CHECK(facts.number("line.r.log") == 0);
  CHECK(facts.find("line.r.kernel") == nullptr);
}

#include "libdiag/engine/fact_names.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using ngxdiag::engine::FactNames;

TEST_CASE("names and members of families are known") {
  const FactNames names(ngxdiag::engine::testing::known_facts());
  CHECK(names.knows("deaths.total"));
  CHECK(names.knows("deaths.by_signal.11"));
  CHECK(names.knows("config.directive.aio"));
  CHECK_FALSE(names.knows("deaths.by_signal"));
  CHECK_FALSE(names.knows("deaths.by_signal."));
  CHECK_FALSE(names.knows("deaths.totals"));
}

TEST_CASE("a near name is offered, also within a family") {
  const FactNames names(ngxdiag::engine::testing::known_facts());
  CHECK(names.hint("deaths.totals") == "did you mean \"deaths.total\"?");
  CHECK(names.hint("deaths.by_sig.11") == "did you mean \"deaths.by_signal.11\"?");
  CHECK(names.hint("acme.challenge_5xx") == "");
  CHECK(names.hint("weather.tomorrow") == "");
}

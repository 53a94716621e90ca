#include "libdiag/model/fact.h"

#include <doctest/doctest.h>

using namespace ngxdiag::model;

TEST_CASE("a fact that was never put is unknown, not false") {
  FactSet facts;
  CHECK(facts.find("deaths.total") == nullptr);
  CHECK_FALSE(facts.number("deaths.total"));
  facts.put("deaths.total", int64_t{0}, {SourceRef{"error_log", "error.log"}}, "crashes");
  CHECK(facts.number("deaths.total") == 0.0);
}

TEST_CASE("a family declares every name below it and nothing else") {
  const FactSpec spec{"config.directive.*", Unit::kNone, "values"};
  CHECK(declares(spec, "config.directive.user"));
  CHECK_FALSE(declares(spec, "config.directive"));
  CHECK_FALSE(declares(spec, "config.directive."));
  CHECK_FALSE(declares(spec, "config.other"));
}

TEST_CASE("values show as text and know whether they hold") {
  CHECK(to_text(std::vector<std::string>{"a", "b"}) == "a, b");
  CHECK(to_text(true) == "true");
  CHECK(truthy(int64_t{2}));
  CHECK_FALSE(truthy(std::string()));
}

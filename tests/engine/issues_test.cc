#include "libdiag/engine/issues.h"

#include <doctest/doctest.h>

using namespace ngxdiag::engine;

TEST_CASE("a mistake is thrown, or gathered when a list is given") {
  Issues strict;
  const RuleSource source("r.json", "{\"a\": 1}", strict);
  CHECK_THROWS_AS(source.mistake({1, 2}, "wrong"), ngxdiag::base::UserError);

  std::vector<std::string> found;
  Issues issues(&found);
  RuleSource("r.json", "{\"a\": 1}", issues).mistake({1, 2}, "wrong", "do it so", "because");
  CHECK(found ==
        std::vector<std::string>{"r.json:1:2: wrong\n  {\"a\": 1}\n   ^\n  because\n  do it so\n"});
}

TEST_CASE("the nearest candidate is offered, or all when they are few") {
  CHECK(suggestion("criticl", {"info", "warning", "critical"}) == "did you mean \"critical\"?");
  CHECK(suggestion("loud", {"info", "warning"}) == "it may be: info, warning");
  CHECK(suggestion("loud", {}) == "");
}

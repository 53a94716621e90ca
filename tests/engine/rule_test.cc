#include "libdiag/engine/rule.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;

TEST_CASE("rules are in id order and found by id") {
  const RuleBase base = rules({rule_json("zeta"), rule_json("alpha"), rule_json("mid")});
  REQUIRE(base.rules.size() == 3);
  CHECK(base.rules[0].id == "alpha");
  CHECK(base.find("mid") == &base.rules[1]);
  CHECK(base.find("none") == nullptr);
}

TEST_CASE("a later text with the same id replaces the earlier one") {
  const RuleBase base =
      rules({rule_json("a"), rule_json("b"), rule_json("a", R"("title": "Mine")")});
  REQUIRE(base.rules.size() == 2);
  CHECK(base.find("a")->title == "Mine");
}

TEST_CASE("patterns of all rules come with the rule's id") {
  const RuleBase base =
      rules({rule_json("a", R"("lines": {"x": {"contains": "one"}})"),
             rule_json("b", R"("lines": {"x": {"contains": "two", "in": ["kernel"]}})")});
  const auto patterns = base.patterns();
  REQUIRE(patterns.size() == 2);
  CHECK(patterns[0].id == "a/x");
  CHECK(patterns[1].id == "b/x");
  CHECK(patterns[1].in == std::vector<ngxdiag::model::Kind>{ngxdiag::model::Kind::kKernelLog});
  CHECK(pattern_fact("b", "x") == "line.b.x");
}

TEST_CASE("text that is not JSON is told with its place") {
  CHECK(load_error("{\"id\": }").substr(0, 11) == "r.json:1:8:");
}

TEST_CASE("lint gathers the mistakes of all files") {
  const std::string bad = rule_json("a", R"("severity": "loud", "prior": {"db": "x"})");
  const std::string broken = "{";
  const std::vector<std::string> found =
      lint_rules({{"a.json", bad}, {"b.json", broken}}, known_facts());
  REQUIRE(found.size() == 3);
  CHECK(found[2].substr(0, 7) == "b.json:");
}

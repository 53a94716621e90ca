#include "libdiag/engine/example.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;

TEST_CASE("an example of facts goes to the engine alone") {
  const RuleBase base =
      rules({rule_json("r", R"("lines": {"hit": {"contains": "x"}}, "requires": {"line": "hit"},
    "examples": [{"name": "a", "fires": true, "first": true, "facts": {"line.hit": 1}},
                 {"name": "b", "fires": false, "facts": {"line.hit": 0}},
                 {"name": "wrong", "fires": true, "facts": {"line.hit": 0}},
                 {"name": "wrong too", "fires": false, "facts": {"line.hit": 1}}])"),
             rule_json("s", R"("prior": {"db": 9})")});
  const Rule& rule = *base.find("r");
  const auto outcome = [&](size_t i) {
    return check_example(rule, rule.examples[i],
                         evaluate(base, example_facts(rule, rule.examples[i])));
  };
  CHECK(outcome(0) == "");
  CHECK(outcome(1) == "");
  CHECK(outcome(2) == "does not fire");
  CHECK(outcome(3) == "fires, and should stay quiet");
  auto set = example_facts(rule, rule.examples[0]);
  set.put("deaths.total", number(1), {ref("x")}, "test");
  CHECK(check_example(rule, rule.examples[0], evaluate(base, set)) ==
        "does not stand first: s does");
}

TEST_CASE("two rules of one weight at the top are told; evidence, severity or a story parts them") {
  const auto rule = [](const std::string& id, const std::string& prior,
                       const std::string& severity) {
    return rule_json(id, R"("severity": ")" + severity + R"(", "prior": {"db": )" + prior + "}");
  };
  const auto told = [](const std::vector<std::string>& texts) {
    const RuleBase base = rules(texts);
    return tied_first(base, evaluate(base, facts({{"deaths.total", number(2)}})));
  };
  CHECK(told({rule("a", "9", "warning"), rule("b", "9", "warning")}).find("than b") !=
        std::string::npos);
  CHECK(told({rule("a", "9", "warning"), rule("b", "8", "warning")}).empty());
  CHECK(told({rule("a", "9", "warning"), rule("b", "9", "critical")}).empty());
  CHECK(told({rule("a", "9", "warning")}).empty());
}

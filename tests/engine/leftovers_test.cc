#include "libdiag/engine/leftovers.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;
using ngxdiag::model::FactSet;

namespace {

std::string line_rule(const std::string& id, double prior, const std::string& more = "") {
  return rule_json(id, R"("lines": {"said": {"contains": "text of )" + id + R"("}},
    "prior": {"db": )" + std::to_string(prior) +
                           R"(, "because": "x"},
    "requires": {"line": "said"},
    "evidence": [{"when": {"line": "said"}, "weight": 10, "says": "x"}])" +
                           more);
}

const Standing& named(const std::vector<Standing>& all, std::string_view id) {
  for (const Standing& one : all)
    if (one.rule->id == id) return one;
  FAIL("no such rule");
  return all.front();
}

bool folded(const RuleBase& base, const FactSet& set) {
  std::vector<Standing> all = weigh(base, set);
  fold_leftovers(set, all);
  return named(all, "rest").folded;
}

// The lines that "rest" requires, by what else met them.
FactSet met(const std::vector<std::string>& beside) {
  FactSet set;
  set.put("line.rest.said", static_cast<int64_t>(beside.size()), {ref("x")}, "patterns");
  set.put("line.rest.said.beside", beside, {ref("x")}, "patterns");
  set.put("line.precise.said", int64_t{1}, {ref("x")}, "patterns");
  return set;
}

const std::string kRest = line_rule("rest", 0, R"(, "last_resort": true)");

}  // namespace

TEST_CASE("a line that another rule accounts for is no leftover") {
  const RuleBase base = rules({kRest, line_rule("precise", 0)});
  CHECK(folded(base, met({"precise"})));
  CHECK(folded(base, met({"another precise"})));
  CHECK_FALSE(folded(base, met({"another"})));
  CHECK_FALSE(folded(base, met({""})));
}

TEST_CASE("one line more than others account for is a leftover") {
  const RuleBase base = rules({kRest, line_rule("precise", 0)});
  CHECK_FALSE(folded(base, met({"", "precise"})));
  CHECK(folded(base, met({"another precise", "precise"})));
}

TEST_CASE("a guess does not account for a line") {
  CHECK_FALSE(folded(rules({kRest, line_rule("precise", -20)}), met({"precise"})));
}

#include "libdiag/engine/leftovers.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;
using ngxdiag::model::FactSet;
using ngxdiag::model::SourceRef;

namespace {

std::string line_rule(const std::string& id, double prior, const std::string& more = "") {
  return rule_json(id, R"("lines": {"said": {"contains": "text of )" + id + R"("}},
    "prior": {"db": )" + std::to_string(prior) +
                           R"(, "because": "x"},
    "requires": {"line": "said"},
    "evidence": [{"when": {"line": "said"}, "weight": 10, "says": "x"}])" +
                           more);
}

std::vector<SourceRef> at(std::initializer_list<int64_t> lines) {
  std::vector<SourceRef> refs;
  for (const int64_t line : lines) {
    SourceRef one;
    one.path = "error.log";
    one.line = line;
    refs.push_back(one);
  }
  return refs;
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

}  // namespace

TEST_CASE("a line that another rule accounts for is no leftover") {
  const RuleBase base =
      rules({line_rule("rest", 0, R"(, "last_resort": true)"), line_rule("precise", 0)});
  FactSet set;
  set.put("line.rest.said", int64_t{1}, at({7}), "patterns");
  set.put("line.precise.said", int64_t{1}, at({7}), "patterns");
  CHECK(folded(base, set));
}

TEST_CASE("one line more than others account for is a leftover") {
  const RuleBase base =
      rules({line_rule("rest", 0, R"(, "last_resort": true)"), line_rule("precise", 0)});
  FactSet set;
  set.put("line.rest.said", int64_t{2}, at({7, 9}), "patterns");
  set.put("line.precise.said", int64_t{1}, at({7}), "patterns");
  CHECK_FALSE(folded(base, set));
}

TEST_CASE("a guess does not account for a line, and leftovers do not fold each other") {
  const RuleBase guess =
      rules({line_rule("rest", 0, R"(, "last_resort": true)"), line_rule("precise", -20)});
  FactSet set;
  set.put("line.rest.said", int64_t{1}, at({7}), "patterns");
  set.put("line.precise.said", int64_t{1}, at({7}), "patterns");
  CHECK_FALSE(folded(guess, set));
  const RuleBase both = rules({line_rule("rest", 0, R"(, "last_resort": true)"),
                               line_rule("precise", 0, R"(, "last_resort": true)")});
  CHECK_FALSE(folded(both, set));
}

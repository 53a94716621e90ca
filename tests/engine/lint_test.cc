#include "libdiag/engine/lint.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "libdiag/engine/builtin.h"
#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;

namespace {

const std::string kExamples = R"("examples": [
  {"name": "a", "fires": true, "facts": {"deaths.total": 1}},
  {"name": "b", "fires": false, "facts": {"deaths.total": 0}}])";

std::vector<std::string> lint(const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<RuleText> texts;
  for (const auto& [where, text] : files) texts.push_back({where, text});
  return lint_rules(texts, known_facts());
}

// True when linting rule "r" with these members and good examples finds just one thing, that one.
bool finds(const std::string& more, const std::string& what) {
  const auto found =
      lint({{"r.json", rule_json("r", kExamples + (more.empty() ? "" : ", " + more))}});
  for (const std::string& each : found) INFO(each);
  return found.size() == 1 && ngxdiag::base::contains(found[0], what);
}

}  // namespace

TEST_CASE("a rule with all it needs is clean") {
  CHECK(lint({{"rules/causes/nginx/r.json", rule_json("r", kExamples)}}).empty());
}

TEST_CASE("a rule without both kinds of examples is not done") {
  const auto found = lint({{"r.json", rule_json("r")}});
  REQUIRE(found.size() == 2);
  CHECK(ngxdiag::base::contains(found[0], "no example fires"));
  CHECK(ngxdiag::base::contains(found[1], "no example stays quiet"));
}

TEST_CASE("numbers have reasons") {
  CHECK(finds(R"("prior": {"db": 1})", "the prior has no reason"));
  CHECK(finds(
      R"("params": {"p": {"value": 1}}, "requires": {"fact": "deaths.total", "at_least": "p"})",
      "the parameter \"p\" has no reason"));
}

TEST_CASE("what nothing uses is told") {
  CHECK(finds(R"("params": {"p": {"value": 1, "because": "x"}})",
              "no condition uses the parameter \"p\""));
  CHECK(finds(R"("lines": {"l": {"contains": "x"}})", "nothing uses the pattern \"l\""));
  CHECK(lint({{"r.json",
               rule_json("r",
                         kExamples +
                             R"(, "title": "{line.l} times", "lines": {"l": {"contains": "x"}})")}})
            .empty());
}

TEST_CASE("fixes say what they do and how to verify it, commands have words") {
  CHECK(finds(R"("fixes": [{"title": "t", "commands": ["c"], "impact": "i"}])", "how to verify"));
  CHECK(finds(R"("fixes": [{"title": "t", "commands": ["c"], "verify": "v"}])", "its impact"));
  CHECK(finds(R"("fixes": [{"title": "t", "commands": [], "impact": "i", "verify": "v"}])",
              "no commands"));
  CHECK(finds(R"("checks": [{"says": "s", "command": "ls {zones.locked}"}])",
              "write {zones.locked|WORDS}"));
}

TEST_CASE("a rule lies in the folder of its component") {
  const auto found = lint({{"rules/causes/lua/r.json", rule_json("r", kExamples)}});
  REQUIRE(found.size() == 1);
  CHECK(ngxdiag::base::contains(found[0], "move it to causes/nginx/"));
}

TEST_CASE("names of other rules exist") {
  CHECK(finds(R"("explains": ["q"])", "\"explains\" names \"q\""));
  CHECK(finds(R"("explains": ["r"])", "explains itself"));
  CHECK(finds(R"("supersedes": ["q"])", "\"supersedes\" names \"q\""));
  CHECK(
      lint({{"a.json",
             rule_json("a", kExamples + R"(, "explains": ["shared-cause"], "supersedes": ["b"])")},
            {"b.json", rule_json("b", kExamples + R"(, "cause": "shared-cause")")}})
          .empty());
}

TEST_CASE("two rules do not say the same") {
  const auto found =
      lint({{"a.json", rule_json("a", kExamples + R"(, "cause": "c", "title": "T")")},
            {"b.json", rule_json("b", kExamples + R"(, "cause": "c", "title": "T")")}});
  REQUIRE(found.size() == 1);
  CHECK(ngxdiag::base::contains(found[0], "cause and title are those of a.json"));
}

#include "libdiag/engine/next_checks.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;

namespace {

std::vector<std::string> commands(const std::vector<std::string>& texts,
                                  const ngxdiag::model::FactSet& set) {
  const RuleBase base = rules(texts);
  std::vector<std::string> all;
  for (const auto& check : next_checks(weigh(base, set), set)) all.push_back(check.command);
  return all;
}

using Commands = std::vector<std::string>;
const auto kDead = facts({{"deaths.total", number(2)}});

}  // namespace

TEST_CASE("a sure rule asks for nothing, an unsure one for its checks") {
  const std::string check = R"(, "checks": [{"says": "s", "command": "look"}])";
  CHECK(commands({rule_json("r", R"("prior": {"db": 0})" + check)}, kDead) == Commands{"look"});
  CHECK(commands({rule_json("r", R"("prior": {"db": 20})" + check)}, kDead).empty());
  CHECK(commands({rule_json("r", R"("prior": {"db": -30})" + check)}, kDead).empty());
}

TEST_CASE("a check is asked only when its condition holds") {
  const std::string rule = rule_json("r", R"("checks": [
      {"when": {"unknown": "reloads.total"}, "says": "s", "command": "count reloads"},
      {"when": {"unknown": "deaths.total"}, "says": "s", "command": "count deaths"}])");
  CHECK(commands({rule}, kDead) == Commands{"count reloads"});
}

TEST_CASE("the fact on which more hangs comes first") {
  const std::string rule = rule_json("r", R"("evidence": [
      {"when": {"fact": "reloads.total"}, "weight": 3, "says": "x"},
      {"when": {"fact": "kernel.segfaults"}, "weight": 20, "says": "x"}],
    "checks": [
      {"when": {"unknown": "reloads.total"}, "says": "s", "command": "small"},
      {"when": {"unknown": "kernel.segfaults"}, "says": "s", "command": "great"},
      {"says": "s", "command": "usual"}])");
  CHECK(commands({rule}, kDead) == Commands{"great", "usual", "small"});
}

TEST_CASE("a fact on which two rules wait is worth the sum") {
  const auto rule = [](const std::string& id, const std::string& fact, const std::string& command) {
    return rule_json(id, R"("evidence": [{"when": {"fact": ")" + fact +
                             R"("}, "weight": 6, "says": "x"}],
      "checks": [{"when": {"unknown": ")" +
                             fact + R"("}, "says": "s", "command": ")" + command + R"("}])");
  };
  CHECK(commands({rule("a", "reloads.total", "one"), rule("b", "kernel.segfaults", "two"),
                  rule("c", "kernel.segfaults", "two")},
                 kDead) == Commands{"two", "one"});
}

TEST_CASE("a rule that could stand is asked about when something speaks for it") {
  const std::string rule = rule_json("r", R"("prior": {"db": -10},
    "requires": {"all": [{"module": "nchan"}, {"fact": "deaths.total"}]},
    "evidence": [{"when": {"fact": "deaths.total"}, "weight": 20, "says": "x"}],
    "checks": [{"when": {"unknown": "deaths.total"}, "says": "s", "command": "look"}])");
  CHECK(commands({rule}, facts({})).empty());
  CHECK(commands({rule}, facts({{"modules.nchan.present", true}})) == Commands{"look"});
  CHECK(commands({rule}, facts({{"modules.nchan.present", false}})).empty());
}

TEST_CASE("a rule that could not become likely is not asked about") {
  const std::string rule = rule_json("r", R"("prior": {"db": -10},
    "requires": {"all": [{"module": "nchan"}, {"fact": "deaths.total"}]},
    "evidence": [{"when": {"fact": "deaths.total"}, "weight": 5, "says": "x"}],
    "checks": [{"says": "s", "command": "look"}])");
  CHECK(commands({rule}, facts({{"modules.nchan.present", true}})).empty());
}

TEST_CASE("equal commands are one, and there are at most eight") {
  std::string checks;
  for (int i = 0; i < 12; ++i)
    checks += std::string(i ? "," : "") + R"({"says": "s", "command": "c)" +
              std::to_string(i / 2 * 2 % 24) + "\"}";
  CHECK(commands({rule_json("r", "\"checks\": [" + checks + "]")}, kDead).size() == 6);
  checks.clear();
  for (int i = 0; i < 12; ++i)
    checks +=
        std::string(i ? "," : "") + R"({"says": "s", "command": "c)" + std::to_string(i) + "\"}";
  CHECK(commands({rule_json("r", "\"checks\": [" + checks + "]")}, kDead).size() == kMaxChecks);
}

TEST_CASE("a version that fits is nothing that speaks for a rule") {
  const std::string rule = rule_json("r", R"("prior": {"db": -10},
    "requires": {"all": [{"nginx_at_least": "1.9.5"}, {"fact": "deaths.total"}]},
    "evidence": [{"when": {"fact": "deaths.total"}, "weight": 20, "says": "x"}],
    "checks": [{"when": {"unknown": "deaths.total"}, "says": "s", "command": "look"}])");
  CHECK(commands({rule}, facts({{"nginx.base_version", std::string("1.22.1")}})).empty());
}

TEST_CASE(
    "what a rule asks that nothing is seen of stands behind, and next to nothing is not asked") {
  const std::string stands = rule_json("a", R"("prior": {"db": -3},
    "checks": [{"says": "s", "command": "first"}])");
  const std::string unseen = rule_json("b", R"("prior": {"db": -3},
    "requires": {"all": [{"fact": "deaths.total"}, {"fact": "reloads.total"}]},
    "evidence": [{"when": {"fact": "reloads.total"}, "weight": 20, "says": "x"}],
    "checks": [{"says": "s", "command": "second"}])");
  const std::string small = rule_json("c", R"("prior": {"db": -12},
    "requires": {"all": [{"fact": "deaths.total"}, {"fact": "reloads.total"}]},
    "evidence": [{"when": {"fact": "reloads.total"}, "weight": 20, "says": "x"}],
    "checks": [{"says": "s", "command": "third"}])");
  CHECK(commands({small, unseen, stands}, kDead) == Commands{"first", "second"});
}

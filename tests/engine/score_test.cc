#include "libdiag/engine/score.h"

#include <doctest/doctest.h>

#include <map>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;

namespace {

std::map<std::string, Standing> weighed(const RuleBase& base, const ngxdiag::model::FactSet& set) {
  std::map<std::string, Standing> all;
  for (const Standing& one : weigh(base, set)) all[one.rule->id] = one;
  return all;
}

std::string prior(double db) { return "\"prior\": {\"db\": " + std::to_string(db) + "}"; }

const auto kDead = facts({{"deaths.total", number(2)}});

}  // namespace

TEST_CASE("a rule alone has the probability of its own odds") {
  const RuleBase base =
      rules({rule_json("even"), rule_json("ten", prior(10)), rule_json("low", prior(-10))});
  auto all = weighed(base, kDead);
  CHECK(all["even"].confidence == 0.5);
  CHECK(all["ten"].confidence == 0.909);
  CHECK(all["low"].confidence == 0.091);
}

TEST_CASE("weights that hold add up, on both sides; unknown ones do not count") {
  const RuleBase base = rules({rule_json("r", R"("prior": {"db": -10}, "evidence": [
      {"when": {"fact": "deaths.total"}, "weight": 20, "says": "x"},
      {"when": {"fact": "reloads.total"}, "weight": 20, "says": "x"}],
    "against": [{"when": {"module": "lua"}, "weight": -4, "says": "x"}])")});
  CHECK(weighed(base, kDead)["r"].score == 10);
  auto set = kDead;
  set.put("modules.lua.present", true, {ref("x")}, "test");
  CHECK(weighed(base, set)["r"].score == 6);
}

TEST_CASE("confidence is never certain") {
  const RuleBase base = rules({rule_json("sure", prior(5000)), rule_json("never", prior(-5000))});
  auto all = weighed(base, kDead);
  CHECK(all["sure"].confidence == kMaxConfidence);
  CHECK(all["never"].confidence == kMinConfidence);
  CHECK(all["sure"].posterior == 5000);
}

TEST_CASE("rules of a group share one probability") {
  const std::string group = R"(, "group": "crash")";
  const RuleBase base = rules({rule_json("a", prior(0) + group), rule_json("b", prior(0) + group),
                               rule_json("alone", prior(0))});
  auto all = weighed(base, kDead);
  CHECK(all["a"].confidence == 0.333);
  CHECK(all["b"].confidence == 0.333);
  CHECK(all["alone"].confidence == 0.5);

  // A decisive witness of one leaves little for its rivals.
  auto rivals =
      weighed(rules({rule_json("a", prior(20) + group), rule_json("b", prior(0) + group)}), kDead);
  CHECK(rivals["a"].confidence == 0.98);
  CHECK(rivals["b"].confidence == 0.01);
}

TEST_CASE("a rule whose requirement is unknown or false takes no share") {
  const RuleBase base =
      rules({rule_json("a", R"("group": "crash")"),
             rule_json("b", R"("group": "crash", "requires": {"fact": "reloads.total"})"),
             rule_json("c", R"("group": "crash", "requires": {"fact": "kernel.segfaults"})")});
  auto set = kDead;
  set.put("kernel.segfaults", number(0), {ref("x")}, "test");
  auto all = weighed(base, set);
  CHECK(all["a"].confidence == 0.5);
  CHECK(all["b"].met == Truth::kUnknown);
  CHECK(all.count("c") == 0);
}

TEST_CASE("a precise rule folds the vague one and takes its share") {
  const RuleBase base =
      rules({rule_json("vague", R"("group": "g", "prior": {"db": 6})"),
             rule_json("precise", R"("group": "g", "prior": {"db": 6}, "supersedes": ["vague"])")});
  auto all = weighed(base, kDead);
  CHECK(all["vague"].folded);
  CHECK_FALSE(all["precise"].folded);
  CHECK(all["precise"].confidence == 0.799);
}

TEST_CASE("an unlikely rule folds no likelier one") {
  const RuleBase base = rules({rule_json("vague", prior(3)),
                               rule_json("precise", prior(-3) + R"(, "supersedes": ["vague"])")});
  CHECK_FALSE(weighed(base, kDead)["vague"].folded);
  // From even odds on it does, though the vague one is likelier.
  CHECK(weighed(rules({rule_json("vague", prior(3)),
                       rule_json("precise", prior(0) + R"(, "supersedes": ["vague"])")}),
                kDead)["vague"]
            .folded);
}

TEST_CASE("superseding reaches on, and a circle leaves one rule standing") {
  auto chain =
      weighed(rules({rule_json("a", prior(1) + R"(, "supersedes": ["b"])"),
                     rule_json("b", prior(0) + R"(, "supersedes": ["c"])"), rule_json("c")}),
              kDead);
  CHECK_FALSE(chain["a"].folded);
  CHECK(chain["b"].folded);
  CHECK(chain["c"].folded);
  auto circle = weighed(rules({rule_json("a", prior(1) + R"(, "supersedes": ["b"])"),
                               rule_json("b", prior(2) + R"(, "supersedes": ["a"])")}),
                        kDead);
  CHECK(circle["a"].folded);
  CHECK_FALSE(circle["b"].folded);
}

TEST_CASE("a last resort takes what its rivals leave, and never weakens them") {
  const std::string in_group = R"(, "group": "crash")";
  const std::string rest = rule_json("rest", prior(10) + in_group + R"(, "last_resort": true)");
  CHECK(weighed(rules({rest}), kDead)["rest"].confidence == 0.909);

  auto weak = weighed(rules({rest, rule_json("weak", prior(-3) + in_group)}), kDead);
  CHECK(weak["weak"].confidence == 0.334);
  CHECK(weak["rest"].confidence == 0.606);
  CHECK(weak["rest"].posterior > weak["weak"].posterior);

  auto strong = weighed(rules({rest, rule_json("strong", prior(10) + in_group)}), kDead);
  CHECK(strong["strong"].confidence == 0.909);
  CHECK(strong["rest"].folded);

  // Two equal rivals below even odds: neither folds it.
  auto two = weighed(
      rules({rest, rule_json("a", prior(10) + in_group), rule_json("b", prior(10) + in_group)}),
      kDead);
  CHECK(two["a"].confidence == 0.476);
  CHECK_FALSE(two["rest"].folded);
}

TEST_CASE("last resorts of one group share the rest") {
  const std::string more = prior(0) + R"(, "group": "crash", "last_resort": true)";
  auto all = weighed(rules({rule_json("a", more), rule_json("b", more)}), kDead);
  CHECK(all["a"].confidence == 0.333);
}

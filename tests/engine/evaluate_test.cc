#include "libdiag/engine/evaluate.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;

namespace {

std::vector<std::string> ids(const Diagnosis& diagnosis) {
  std::vector<std::string> all;
  for (const auto& finding : diagnosis.findings) all.push_back(finding.id);
  return all;
}

std::string rule(const std::string& id, double db, const std::string& more = "") {
  return rule_json(
      id, "\"prior\": {\"db\": " + std::to_string(db) + "}" + (more.empty() ? "" : ", " + more));
}

using Ids = std::vector<std::string>;
const auto kDead = facts({{"deaths.total", number(2)}});

}  // namespace

TEST_CASE("a finding carries its reasons, each with its source") {
  const RuleBase base = rules({rule_json("r", R"("title": "{deaths.total} deaths",
    "lines": {"hit": {"contains": "x"}}, "references": ["https://nginx.org/"],
    "evidence": [
      {"when": {"all": [{"not": {"module": "lua"}}, {"fact": "deaths.total"}]}, "weight": 7, "says": "{deaths.total} died"},
      {"when": {"line": "hit"}, "weight": 3, "says": "{line.hit} lines"},
      {"when": {"fact": "reloads.total"}, "weight": 3, "says": "never"}],
    "against": [{"when": {"zone": "memstore"}, "weight": -2, "says": "a zone"}])")});
  const auto set = facts({{"deaths.total", number(2)},
                          {"line.r.hit", number(5)},
                          {"modules.lua.present", false},
                          {"zones.locked", list({"memstore"})}});
  const Diagnosis diagnosis = evaluate(base, set);
  REQUIRE(diagnosis.findings.size() == 1);
  const auto& finding = diagnosis.findings[0];
  CHECK(finding.title == "2 deaths");
  CHECK(finding.kind == "cause");
  CHECK(finding.confidence == 0.863);
  REQUIRE(finding.evidence.size() == 3);
  CHECK(finding.evidence[0].says == "2 died");
  CHECK(finding.evidence[0].source.where() == "deaths.total:1");
  CHECK(finding.evidence[0].analyzer == "test");
  CHECK(finding.evidence[1].says == "5 lines");
  CHECK(finding.evidence[1].analyzer == "patterns");
  CHECK(finding.evidence[2].weight == -2);
  CHECK(finding.references.size() == 1);
}

TEST_CASE("troubles come before advice, notable ones before remarks, then the likelier") {
  const RuleBase base = rules({
      rule("advice", 20, R"("kind": "advisory", "severity": "critical")"),
      rule("remark", 20, R"("severity": "info")"),
      rule("faint", -8, R"("severity": "critical")"),
      rule("likely", 8),
      rule("likelier", 9),
      rule("soon", 8.5, R"("kind": "forecast")"),
      rule("never", -20),
  });
  CHECK(ids(evaluate(base, kDead)) ==
        Ids{"likelier", "soon", "likely", "remark", "faint", "advice"});
}

TEST_CASE(
    "of equals the critical one is first, then the id decides; capped ones keep their order") {
  CHECK(ids(evaluate(rules({rule("a", 5), rule("b", 5, R"("severity": "critical")")}), kDead)) ==
        Ids{"b", "a"});
  CHECK(ids(evaluate(rules({rule("b", 5), rule("a", 5)}), kDead)) == Ids{"a", "b"});
  CHECK(ids(evaluate(rules({rule("a", 40), rule("b", 50)}), kDead)) == Ids{"b", "a"});
}

TEST_CASE("what is to come stands behind a disaster that is there, however sure it is") {
  const auto ahead = rule("ahead", 15, R"("kind": "forecast")");
  CHECK(ids(evaluate(rules({ahead, rule("down", 6, R"("severity": "critical")")}), kDead)) ==
        Ids{"down", "ahead"});
  CHECK(ids(evaluate(rules({ahead, rule("down", -6, R"("severity": "critical")")}), kDead)) ==
        Ids{"ahead", "down"});
  CHECK(ids(evaluate(rules({ahead, rule("odd", 6)}), kDead)) == Ids{"ahead", "odd"});
}

TEST_CASE("what is explained stands after all roots, and symptoms are no findings") {
  const RuleBase base = rules({
      rule("root", 10, R"("explains": ["effect", "seen", "absent"])"),
      rule("effect", 30),
      rule("other", -5),
      rule("seen", 3, R"("kind": "symptom", "title": "It hurts")"),
      rule("doubtful", -1, R"("kind": "symptom")"),
      rule("absent", 30, R"("requires": {"fact": "kernel.oom_kills"})"),
  });
  const Diagnosis diagnosis = evaluate(base, kDead);
  CHECK(ids(diagnosis) == Ids{"root", "other", "effect"});
  CHECK(diagnosis.findings[0].explains == Ids{"effect", "seen"});
  CHECK(diagnosis.findings[2].explained_by == "root");
  REQUIRE(diagnosis.symptoms.size() == 1);
  CHECK(diagnosis.symptoms[0].says == "It hurts");
  CHECK(diagnosis.symptoms[0].explained_by == "root");
}

TEST_CASE("a superseded rule is folded away") {
  CHECK(ids(evaluate(rules({rule("vague", 10), rule("precise", 3, R"("supersedes": ["vague"])")}),
                     kDead)) == Ids{"precise"});
}

TEST_CASE("fixes that hold are offered; when none does, those that may") {
  const RuleBase base = rules({rule_json("r", R"("fixes": [
      {"title": "raise", "when": {"directive": "aio"}, "commands": ["c {zones.locked|Z}"]},
      {"title": "add", "when": {"not": {"directive": "aio"}}, "commands": ["d"]}])")});
  const auto titles = [&](const ngxdiag::model::FactSet& set) {
    Ids all;
    const Diagnosis diagnosis = evaluate(base, set);
    for (const auto& fix : diagnosis.findings.at(0).fixes) all.push_back(fix.title);
    return all;
  };
  CHECK(titles(kDead) == Ids{"raise", "add"});
  CHECK(titles(facts({{"deaths.total", number(1)}, {"config.complete", true}})) == Ids{"add"});
  const auto set = facts({{"deaths.total", number(1)},
                          {"config.directive.aio", list({"on"})},
                          {"zones.locked", list({"a b"})}});
  CHECK(titles(set) == Ids{"raise"});
  CHECK(evaluate(base, set).findings[0].fixes[0].commands == Ids{"c 'a b'"});
}

TEST_CASE("an unknown requirement gives no finding but its checks") {
  const RuleBase base =
      rules({rule_json("r", R"("requires": {"all": [{"fact": "deaths.total"}, {"module": "nchan"}]},
      "checks": [{"when": {"unknown": "modules.nchan.present"}, "says": "is it there?", "command": "nginx -V"}])")});
  const Diagnosis diagnosis = evaluate(base, kDead);
  CHECK(diagnosis.findings.empty());
  REQUIRE(diagnosis.next_checks.size() == 1);
  CHECK(diagnosis.next_checks[0].command == "nginx -V");
}

TEST_CASE("the order of the rule files does not matter") {
  std::vector<std::string> texts;
  for (int i = 0; i < 30; ++i)
    texts.push_back(
        rule("r" + std::to_string(i), i % 3, i % 2 ? R"("group": "g")" : R"("explains": ["r1"])"));
  const Diagnosis forward = evaluate(rules(texts), kDead);
  const Diagnosis backward = evaluate(rules({texts.rbegin(), texts.rend()}), kDead);
  CHECK(ids(forward) == ids(backward));
  CHECK(forward.findings.size() > 20);
  for (size_t i = 0; i < forward.findings.size(); ++i)
    CHECK(forward.findings[i].explained_by == backward.findings[i].explained_by);
}

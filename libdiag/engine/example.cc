#include "libdiag/engine/example.h"

#include <algorithm>

#include "libdiag/engine/score.h"

namespace ngxdiag::engine {

model::FactSet example_facts(const Rule& rule, const RuleExample& example) {
  model::FactSet facts;
  model::SourceRef ref;
  ref.kind = "example";
  ref.path = rule.where;
  for (const auto& [name, value] : example.facts) facts.put(name, value, {ref}, "example");
  return facts;
}

bool fires(const Diagnosis& diagnosis, std::string_view rule_id) {
  return std::any_of(diagnosis.findings.begin(), diagnosis.findings.end(),
                     [&](const model::Finding& finding) {
                       return finding.id == rule_id && finding.confidence >= kSure;
                     }) ||
         std::any_of(diagnosis.symptoms.begin(), diagnosis.symptoms.end(),
                     [&](const model::Symptom& symptom) { return symptom.id == rule_id; });
}

std::string check_example(const Rule& rule, const RuleExample& example,
                          const Diagnosis& diagnosis) {
  if (fires(diagnosis, rule.id) != example.fires)
    return example.fires ? "does not fire" : "fires, and should stay quiet";
  if (!example.first) return {};
  if (!diagnosis.findings.empty() && diagnosis.findings.front().id == rule.id) return {};
  return diagnosis.findings.empty()
             ? "is no finding"
             : "does not stand first: " + diagnosis.findings.front().id + " does";
}

}  // namespace ngxdiag::engine

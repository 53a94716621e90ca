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

std::string tied_first(const RuleBase& rules, const Diagnosis& diagnosis) {
  if (diagnosis.findings.size() < 2) return {};
  const model::Finding& a = diagnosis.findings[0];
  const model::Finding& b = diagnosis.findings[1];
  const auto score = [&](const model::Finding& finding) {
    const Rule* rule = rules.find(finding.id);
    double sum = rule ? rule->prior : 0;
    for (const model::EvidenceItem& item : finding.evidence) sum += item.weight;
    return sum;
  };
  const bool likely = a.confidence >= kSure && b.confidence >= kSure;
  const bool roots = a.explained_by.empty() && b.explained_by.empty();
  const bool alike = a.severity == b.severity && (a.kind == "advisory") == (b.kind == "advisory");
  if (!likely || !roots || !alike || a.severity == model::Severity::kInfo || score(a) < score(b) ||
      score(a) > score(b))
    return {};
  return "stands first no more than " + b.id + ": let evidence tell " + a.id + " from it";
}

}  // namespace ngxdiag::engine

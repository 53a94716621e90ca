#include "libdiag/engine/evaluate.h"

#include <algorithm>
#include <tuple>

#include "libdiag/engine/covering.h"
#include "libdiag/engine/leftovers.h"
#include "libdiag/engine/next_checks.h"
#include "libdiag/engine/score.h"
#include "libdiag/engine/sentence.h"

namespace ngxdiag::engine {
namespace {

constexpr double kShown = 0.05;       // less likely ones are no findings
constexpr double kCriticalBonus = 1;  // decibans, for the order only: of equals the worse first

std::vector<model::EvidenceItem> reasons(const Rule& rule, const model::FactSet& facts) {
  std::vector<model::EvidenceItem> items;
  for (const auto* side : {&rule.evidence, &rule.against})
    for (const WeighedSentence& sentence : *side) {
      if (evaluate(*sentence.when, facts) != Truth::kTrue) continue;
      model::EvidenceItem item;
      item.says = fill(sentence.says, rule.id, facts, Quoting::kPlain);
      item.weight = sentence.weight;
      if (const Witness seen = witness(*sentence.when, facts); seen.fact) {
        if (!seen.fact->evidence.empty()) item.source = seen.fact->evidence.front();
        item.analyzer = seen.name.starts_with("line.") ? "patterns" : seen.fact->analyzer;
      }
      items.push_back(std::move(item));
    }
  return items;
}

// Fixes whose `when` holds; when none does, those that may hold.
std::vector<model::Fix> fixes(const Rule& rule, const model::FactSet& facts) {
  std::vector<model::Fix> chosen;
  for (const Truth wanted : {Truth::kTrue, Truth::kUnknown}) {
    if (!chosen.empty()) break;
    for (const RuleFix& candidate : rule.fixes) {
      const Truth truth = candidate.when ? evaluate(*candidate.when, facts) : Truth::kTrue;
      if (truth != wanted) continue;
      model::Fix fix = candidate.fix;
      fix.title = fill(fix.title, rule.id, facts, Quoting::kPlain);
      fix.impact = fill(fix.impact, rule.id, facts, Quoting::kPlain);
      for (std::string& command : fix.commands)
        command = fill(command, rule.id, facts, Quoting::kShell);
      fix.undo = fill(fix.undo, rule.id, facts, Quoting::kShell);
      fix.verify = fill(fix.verify, rule.id, facts, Quoting::kShell);
      chosen.push_back(std::move(fix));
    }
  }
  return chosen;
}

model::Finding finding(const Standing& one, const model::FactSet& facts) {
  const Rule& rule = *one.rule;
  model::Finding out;
  out.id = rule.id;
  out.kind = rule.kind;
  out.cause = rule.cause;
  out.component = rule.component;
  out.severity = rule.severity;
  out.confidence = one.confidence;
  out.title = fill(rule.title, rule.id, facts, Quoting::kPlain);
  out.explanation = fill(rule.explanation, rule.id, facts, Quoting::kPlain);
  out.evidence = reasons(rule, facts);
  out.fixes = fixes(rule, facts);
  out.references = rule.references;
  return out;
}

model::Symptom symptom(const Standing& one, const model::FactSet& facts) {
  model::Symptom out;
  out.id = one.rule->id;
  out.says = fill(one.rule->title, one.rule->id, facts, Quoting::kPlain);
  out.severity = one.rule->severity;
  out.evidence = reasons(*one.rule, facts);
  return out;
}

// A critical trouble that is there: what is only to come stands behind it.
bool is_disaster(const Standing& one) {
  return one.rule->kind == "cause" && one.rule->severity == model::Severity::kCritical &&
         one.confidence >= kNotable;
}

// Sorts before: roots, then causes and forecasts before advisories, then notable troubles before
// remarks, then the likelier.
auto order(const Standing& one, bool explained, bool disaster) {
  const bool trouble = one.rule->severity != model::Severity::kInfo && one.confidence >= kNotable;
  const double bonus = one.rule->severity == model::Severity::kCritical ? kCriticalBonus : 0;
  return std::make_tuple(explained, one.rule->kind == "advisory", !trouble,
                         disaster && one.rule->kind == "forecast", -(one.posterior + bonus),
                         std::string_view(one.rule->id));
}

}  // namespace

Diagnosis evaluate(const RuleBase& rules, const model::FactSet& facts) {
  std::vector<Standing> standing = weigh(rules, facts);
  fold_leftovers(facts, standing);
  std::vector<const Standing*> shown;
  for (const Standing& one : standing) {
    // A symptom is there or not; and what is harmless anyway need not be said when it is unlikely.
    const bool settled =
        one.rule->kind == "symptom" || one.rule->severity == model::Severity::kInfo;
    const double enough = settled ? kSure : kShown;
    if (one.met == Truth::kTrue && !one.folded && one.confidence >= enough) shown.push_back(&one);
  }
  const Covering covering = cover(rules, standing, shown);
  const auto explainer = [&](const Standing& one) {
    const auto it = covering.explained_by.find(one.rule->id);
    return it == covering.explained_by.end() ? std::string() : std::string(it->second);
  };
  const bool disaster = std::any_of(shown.begin(), shown.end(),
                                    [](const Standing* one) { return is_disaster(*one); });
  std::sort(shown.begin(), shown.end(), [&](const Standing* a, const Standing* b) {
    return order(*a, !explainer(*a).empty(), disaster) <
           order(*b, !explainer(*b).empty(), disaster);
  });

  Diagnosis diagnosis;
  for (const Standing* one : shown) {
    if (one->rule->kind == "symptom") {
      diagnosis.symptoms.push_back(symptom(*one, facts));
      diagnosis.symptoms.back().explained_by = explainer(*one);
      continue;
    }
    diagnosis.findings.push_back(finding(*one, facts));
    diagnosis.findings.back().explained_by = explainer(*one);
    if (const auto it = covering.explains.find(one->rule->id); it != covering.explains.end())
      diagnosis.findings.back().explains.assign(it->second.begin(), it->second.end());
  }
  diagnosis.next_checks = next_checks(standing, facts);
  return diagnosis;
}

}  // namespace ngxdiag::engine

#include "libdiag/engine/next_checks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>

#include "libdiag/engine/sentence.h"

namespace ngxdiag::engine {
namespace {

constexpr double kMinProbability = 0.05;
// A rule that needs what nobody has looked at yet is one of many that might: four of five such
// looks find nothing.
constexpr double kUnseenShare = 0.2;
// Below a tenth of the best a look settles nothing that the better ones leave open.
constexpr double kWorthwhile = 0.1;

using Worth = std::map<std::string_view, double>;

// The unknown facts below the rule's reasons, each with the largest weight that hangs on it.
Worth open_weights(const Rule& rule, const model::FactSet& facts) {
  Worth worth;
  const auto note = [&](const Condition& condition, double weight) {
    std::vector<std::string_view> names;
    open_facts(condition, facts, names);
    for (const std::string_view name : names) worth[name] = std::max(worth[name], std::abs(weight));
  };
  note(*rule.requires_, kDecisive);
  for (const auto* items : {&rule.evidence, &rule.against})
    for (const WeighedSentence& item : *items) note(*item.when, item.weight);
  return worth;
}

bool could_stand(const Standing& one, const model::FactSet& facts) {
  // Something that the rule demands must be there: what merely fits it is no reason to go and look.
  if (!something_holds(*one.rule->requires_, facts)) return false;
  double best = one.score;
  for (const WeighedSentence& item : one.rule->evidence) {
    const Truth truth = evaluate(*item.when, facts);
    if (truth == Truth::kUnknown) best += item.weight;
  }
  return best >= 0;
}

bool is_open(const Standing& one, const model::FactSet& facts) {
  if (one.folded || one.rule->kind == "symptom") return false;
  if (one.met == Truth::kUnknown) return could_stand(one, facts);
  return one.confidence >= kMinProbability && one.confidence < kSettled;
}

struct Candidate {
  double value = 0;
  const Rule* rule = nullptr;
  const RuleCheck* check = nullptr;
};

}  // namespace

std::vector<model::NextCheck> next_checks(const std::vector<Standing>& standing,
                                          const model::FactSet& facts) {
  std::vector<const Standing*> open;
  for (const Standing& one : standing)
    if (is_open(one, facts)) open.push_back(&one);
  std::stable_sort(open.begin(), open.end(), [](const Standing* a, const Standing* b) {
    return a->posterior > b->posterior;
  });

  const auto uncertainty = [](const Standing& one) {
    const double share = one.met == Truth::kUnknown ? kUnseenShare : 1;
    return share * 4 * one.confidence * (1 - one.confidence);
  };
  Worth worth;
  for (const Standing* one : open)
    for (const auto& [name, weight] : open_weights(*one->rule, facts))
      worth[name] += uncertainty(*one) * weight;

  std::vector<Candidate> candidates;
  for (const Standing* one : open)
    for (const RuleCheck& check : one->rule->checks) {
      if (check.when && evaluate(*check.when, facts) != Truth::kTrue) continue;
      std::vector<std::string_view> names;
      if (check.when) named_facts(*check.when, names);
      double value = -1;
      for (const std::string_view name : names)
        if (const auto it = worth.find(name); it != worth.end())
          value = std::max(value, it->second);
      if (value < 0) value = uncertainty(*one) * kUsual;
      candidates.push_back({value, one->rule, &check});
    }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.value > b.value; });

  std::vector<model::NextCheck> checks;
  for (const Candidate& each : candidates) {
    if (checks.size() == kMaxChecks || each.value < kWorthwhile * candidates.front().value) break;
    model::NextCheck check{fill(each.check->says, each.rule->id, facts, Quoting::kPlain),
                           fill(each.check->command, each.rule->id, facts, Quoting::kShell)};
    if (std::none_of(checks.begin(), checks.end(), [&](const model::NextCheck& earlier) {
          return earlier.command == check.command;
        }))
      checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace ngxdiag::engine

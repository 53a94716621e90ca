#include "libdiag/engine/score.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

namespace ngxdiag::engine {
namespace {

constexpr double kDecibansPerTenfold = 10;
constexpr double kThousand = 1000;

// Far beyond any confidence; keeps sums finite whatever a rule says.
constexpr double kMaxScore = 500;

double odds(double score) {
  return std::pow(10.0, std::clamp(score, -kMaxScore, kMaxScore) / kDecibansPerTenfold);
}

double add_up(const std::vector<WeighedSentence>& items, const model::FactSet& facts) {
  double sum = 0;
  for (const WeighedSentence& item : items)
    if (evaluate(*item.when, facts) == Truth::kTrue) sum += item.weight;
  return sum;
}

bool competes(const Standing& one) { return one.met == Truth::kTrue && !one.folded; }
// A symptom's group names what it may be the effect of; it shares nothing with its causes.
bool shares(const Standing& one) {
  return competes(one) && !one.rule->group.empty() && one.rule->kind != "symptom";
}

double decibans(double ratio) { return kDecibansPerTenfold * std::log10(ratio); }

// What stands against one rule in its group.
struct Rivals {
  double named = 0;         // odds of the others that name something
  double last_resorts = 0;  // odds of the other last resorts
};

double posterior(const Standing& one, const Rivals& rivals) {
  if (!one.rule->last_resort) return one.score - decibans(1 + rivals.named);
  // Its share of what is left, times the probability that no named rival is it.
  const double own = odds(one.score);
  const double probability = own / (1 + own + rivals.last_resorts) / (1 + rivals.named);
  return decibans(probability / (1 - probability));
}

void share(std::vector<Standing>& all) {
  std::map<std::string_view, std::vector<const Standing*>> groups;
  for (const Standing& one : all)
    if (shares(one)) groups[one.rule->group].push_back(&one);
  for (Standing& one : all) {
    Rivals rivals;
    if (shares(one))
      for (const Standing* rival : groups[one.rule->group])
        if (rival != &one)
          (rival->rule->last_resort ? rivals.last_resorts : rivals.named) += odds(rival->score);
    one.posterior = posterior(one, rivals);
    const double share = odds(one.posterior);
    const double probability = std::clamp(share / (1 + share), kMinConfidence, kMaxConfidence);
    one.confidence = std::round(probability * kThousand) / kThousand;
  }
}

// Everything that `from` supersedes, also through rules that do not stand.
void collect(const RuleBase& base, const Rule& from, std::set<std::string_view>& ids) {
  for (const std::string& id : from.supersedes)
    if (ids.insert(id).second)
      if (const Rule* next = base.find(id)) collect(base, *next, ids);
}

bool fold(const RuleBase& base, std::vector<Standing>& all) {
  std::vector<Standing*> by_score;
  for (Standing& one : all)
    if (competes(one)) by_score.push_back(&one);
  std::stable_sort(by_score.begin(), by_score.end(), [](const Standing* a, const Standing* b) {
    return a->posterior > b->posterior;
  });
  bool any = false;
  for (const Standing* precise : by_score) {
    if (precise->folded || precise->rule->supersedes.empty()) continue;
    std::set<std::string_view> ids;
    collect(base, *precise->rule, ids);
    ids.erase(precise->rule->id);
    for (Standing* vague : by_score)
      if (!vague->folded && ids.count(vague->rule->id) > 0 &&
          (precise->confidence >= vague->confidence || precise->confidence >= kSure))
        vague->folded = any = true;
  }
  for (Standing* rest : by_score)
    for (const Standing* named : by_score)
      if (!rest->folded && rest->rule->last_resort && !named->folded && !named->rule->last_resort &&
          shares(*named) && named->rule->group == rest->rule->group && named->confidence >= kSure)
        rest->folded = any = true;
  return any;
}

}  // namespace

std::vector<Standing> weigh(const RuleBase& base, const model::FactSet& facts) {
  std::vector<Standing> all;
  for (const Rule& rule : base.rules) {
    Standing one;
    one.rule = &rule;
    one.met = evaluate(*rule.requires_, facts);
    if (one.met == Truth::kFalse) continue;
    one.score = rule.prior + add_up(rule.evidence, facts) + add_up(rule.against, facts);
    all.push_back(one);
  }
  share(all);
  if (fold(base, all)) share(all);
  return all;
}

}  // namespace ngxdiag::engine

#include "libdiag/engine/covering.h"

#include <algorithm>

namespace ngxdiag::engine {
namespace {

using Ids = std::set<std::string_view>;

// How far up a kind stands; a symptom explains nothing but other symptoms on the way.
int rank(const Rule& rule) {
  if (rule.kind == "cause") return 3;
  if (rule.kind == "forecast") return 2;
  if (rule.kind == "advisory") return 1;
  return 0;
}

bool above(const Standing& a, const Standing& b) {
  return a.posterior != b.posterior ? a.posterior > b.posterior : a.rule->id < b.rule->id;
}

class Graph {
 public:
  Graph(const RuleBase& base, const std::vector<Standing>& standing) {
    for (const Rule& rule : base.rules) {
      named_.emplace(rule.id, &rule);
      if (rule.cause != rule.id) named_.emplace(rule.cause, &rule);
    }
    for (const Standing& one : standing) {
      open_.insert(one.rule->id);
      if (one.rule->kind == "symptom" && !one.rule->group.empty())
        effects_.emplace(one.rule->group, one.rule);
    }
  }

  // Ids of all rules that follow from `rule`.
  Ids reach(const Rule& rule) const {
    Ids seen;
    follow(rule, seen);
    seen.erase(rule.id);
    return seen;
  }

 private:
  void follow(const Rule& rule, Ids& seen) const {
    for (const std::string& name : rule.explains)
      for (auto [it, end] = named_.equal_range(name); it != end; ++it)
        if (open_.count(it->second->id) > 0 && seen.insert(it->second->id).second)
          follow(*it->second, seen);
    // A symptom with a group is the effect of every cause in that group.
    if (rule.kind == "cause" && !rule.group.empty())
      for (auto [it, end] = effects_.equal_range(rule.group); it != end; ++it)
        seen.insert(it->second->id);
  }

  std::multimap<std::string_view, const Rule*> named_;
  std::multimap<std::string_view, const Rule*> effects_;  // group -> its symptoms
  Ids open_;
};

bool may_explain(const Standing& a, const Standing& b) {
  return b.rule->kind == "symptom" ? rank(*a.rule) == 3 : rank(*a.rule) >= rank(*b.rule);
}

}  // namespace

Covering cover(const RuleBase& base, const std::vector<Standing>& standing,
               const std::vector<const Standing*>& shown) {
  const Graph graph(base, standing);
  std::vector<const Standing*> causes;
  std::map<std::string_view, Ids> reach;
  for (const Standing* one : shown)
    if (one->confidence >= kSure && one->rule->kind != "symptom" &&
        (!one->rule->explains.empty() || !one->rule->group.empty())) {
      causes.push_back(one);
      reach[one->rule->id] = graph.reach(*one->rule);
    }
  std::sort(causes.begin(), causes.end(),
            [](const Standing* a, const Standing* b) { return above(*a, *b); });

  const auto follows = [&](const Standing& effect, const Standing& cause) {
    if (reach[cause.rule->id].count(effect.rule->id) == 0 || !may_explain(cause, effect))
      return false;
    const auto back = reach.find(effect.rule->id);
    const bool mutual =
        back != reach.end() && back->second.count(cause.rule->id) > 0 && may_explain(effect, cause);
    return !mutual || above(cause, effect);
  };

  Covering result;
  Ids effects;
  for (const Standing* cause : causes)
    for (const Standing* effect : shown)
      if (effect != cause && follows(*effect, *cause)) {
        result.explains[cause->rule->id].insert(effect->rule->id);
        effects.insert(effect->rule->id);
      }
  // Whatever is explained is explained by a root too: what explains an explainer explains its
  // effects.
  for (const Standing* cause : causes)
    if (effects.count(cause->rule->id) == 0)
      for (const std::string_view effect : result.explains[cause->rule->id])
        result.explained_by.emplace(effect, cause->rule->id);
  return result;
}

}  // namespace ngxdiag::engine

#include "libdiag/engine/leftovers.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace ngxdiag::engine {
namespace {

using Places = std::set<std::pair<std::string_view, int64_t>>;

bool is_leftover(const Rule& rule) { return rule.last_resort && rule.group.empty(); }

void add(const model::Fact& fact, Places& places) {
  for (const model::SourceRef& ref : fact.evidence)
    if (ref.line > 0) places.emplace(ref.path, ref.line);
}

// Where the lines stand that the rule met, and what else makes its reasons true.
Places places_of(const Rule& rule, const model::FactSet& facts) {
  Places places;
  for (const model::LinePattern& pattern : rule.lines) {
    std::string name = "line." + pattern.id;
    std::replace(name.begin(), name.end(), '/', '.');
    if (const model::Fact* fact = facts.find(name); fact && facts.number(name).value_or(0) > 0)
      add(*fact, places);
  }
  for (const WeighedSentence& sentence : rule.evidence)
    if (evaluate(*sentence.when, facts) == Truth::kTrue)
      if (const Witness seen = witness(*sentence.when, facts); seen.fact) add(*seen.fact, places);
  return places;
}

// The lines a leftover is about: what it requires, not what goes with them.
Places own_places(const Rule& rule, const model::FactSet& facts) {
  std::vector<std::string_view> names;
  named_facts(*rule.requires_, names);
  Places places;
  for (const std::string_view name : names)
    if (const model::Fact* fact = facts.find(name)) add(*fact, places);
  return places;
}

}  // namespace

void fold_leftovers(const model::FactSet& facts, std::vector<Standing>& all) {
  const auto stands = [](const Standing& one) { return one.met == Truth::kTrue && !one.folded; };
  const bool any = std::any_of(all.begin(), all.end(), [&](const Standing& one) {
    return stands(one) && is_leftover(*one.rule);
  });
  if (!any) return;
  Places taken;
  for (const Standing& one : all)
    if (stands(one) && !is_leftover(*one.rule) && one.confidence >= kNotable)
      taken.merge(places_of(*one.rule, facts));
  for (Standing& one : all) {
    if (!stands(one) || !is_leftover(*one.rule)) continue;
    const Places own = own_places(*one.rule, facts);
    one.folded = std::includes(taken.begin(), taken.end(), own.begin(), own.end());
  }
}

}  // namespace ngxdiag::engine

#include "libdiag/engine/leftovers.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace ngxdiag::engine {
namespace {

using Ids = std::set<std::string_view>;

bool is_leftover(const Rule& rule) { return rule.last_resort && rule.group.empty(); }

// "a b": one of them accounts for the line.
bool accounted(std::string_view rules, const Ids& standing) {
  while (!rules.empty()) {
    const size_t space = std::min(rules.find(' '), rules.size());
    if (standing.count(rules.substr(0, space)) > 0) return true;
    rules.remove_prefix(std::min(space + 1, rules.size()));
  }
  return false;
}

bool accounted(const Rule& rule, const model::FactSet& facts, const Ids& standing) {
  std::vector<std::string_view> names;
  named_facts(*rule.requires_, names);
  for (const std::string_view name : names) {
    const model::Fact* beside = facts.find(std::string(name) + ".beside");
    const auto* kinds = beside ? std::get_if<std::vector<std::string>>(&beside->value) : nullptr;
    if (kinds && !std::all_of(kinds->begin(), kinds->end(),
                              [&](const std::string& kind) { return accounted(kind, standing); }))
      return false;
  }
  return true;
}

}  // namespace

void fold_leftovers(const model::FactSet& facts, std::vector<Standing>& all) {
  Ids standing;
  for (const Standing& one : all)
    if (one.met == Truth::kTrue && one.confidence >= kNotable) standing.insert(one.rule->id);
  for (Standing& one : all)
    if (one.met == Truth::kTrue && is_leftover(*one.rule))
      one.folded = accounted(*one.rule, facts, standing);
}

}  // namespace ngxdiag::engine

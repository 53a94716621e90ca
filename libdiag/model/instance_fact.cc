#include "libdiag/model/instance_fact.h"

#include <algorithm>
#include <numeric>

namespace ngxdiag::model {

std::optional<InstanceFact> instance_fact(std::string_view name, std::string_view fact) {
  const bool family = fact.ends_with('.');
  for (size_t at = name.find(fact); at != std::string_view::npos; at = name.find(fact, at + 1)) {
    if (at > 0 && name[at - 1] != '.') continue;
    const std::string_view rest = name.substr(at + fact.size());
    if (family == rest.empty()) continue;
    return InstanceFact{at > 0 ? name.substr(0, at - 1) : std::string_view(), rest};
  }
  return std::nullopt;
}

std::vector<double> instance_numbers(const FactSet& facts, std::string_view fact) {
  // The usual host runs one nginx, and then there is nothing to search.
  if (const auto value = facts.number(fact)) return {*value};
  std::vector<double> out;
  for (const auto& [name, entry] : facts.all())
    if (instance_fact(name, fact))
      if (const auto value = facts.number(name)) out.push_back(*value);
  return out;
}

std::optional<double> instance_number(const FactSet& facts, std::string_view fact, Fold fold) {
  const std::vector<double> all = instance_numbers(facts, fact);
  if (all.empty()) return std::nullopt;
  switch (fold) {
    case Fold::kSum: return std::accumulate(all.begin(), all.end(), 0.0);
    case Fold::kMost: return *std::max_element(all.begin(), all.end());
    case Fold::kLeast: return *std::min_element(all.begin(), all.end());
  }
  return std::nullopt;
}

}  // namespace ngxdiag::model

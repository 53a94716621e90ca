#include "libdiag/render/generations.h"

#include <algorithm>

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"
#include "libdiag/model/instance_fact.h"

namespace ngxdiag::render {
namespace {

using List = std::vector<std::string>;

const List* list(const model::FactSet& facts, const std::string& name) {
  const model::Fact* fact = facts.find(name);
  return fact ? std::get_if<List>(&fact->value) : nullptr;
}

}  // namespace

std::string fate(const Generation& generation) {
  if (!generation.serving || !generation.leaving) return "unknown";
  std::string out;
  if (*generation.serving > 0) out = base::grouped(*generation.serving) + " serving";
  if (*generation.leaving > 0)
    out += (out.empty() ? "" : ", ") + base::grouped(*generation.leaving) + " still leaving";
  return out.empty() ? "gone" : out;
}

std::vector<Generations> generations(const model::FactSet& facts) {
  constexpr std::string_view kBegan = "generations.began";
  std::vector<Generations> out;
  for (const auto& [name, fact] : facts.all()) {
    const auto found = model::instance_fact(name, kBegan);
    const auto* began = std::get_if<List>(&fact.value);
    if (!found || !began) continue;
    const std::string prefix = name.substr(0, name.size() - kBegan.size()) + "generations.";
    const List *serving = list(facts, prefix + "serving"),
               *leaving = list(facts, prefix + "leaving"),
               *crashed = list(facts, prefix + "crashed");
    Generations one{std::string(found->instance), {}};
    for (size_t i = began->size(); i-- > 0;) {
      const auto time = base::parse_civil((*began)[i]);
      if (!time) continue;
      const auto number = [&](const List* from) {
        return from && i < from->size() ? base::parse_int((*from)[i]) : std::nullopt;
      };
      if (!one.rows.empty()) one.rows.back().replaced = *time;
      one.rows.push_back({*time, {}, number(serving), number(leaving), number(crashed)});
    }
    if (!one.rows.empty()) out.push_back(std::move(one));
  }
  return out;
}

}  // namespace ngxdiag::render

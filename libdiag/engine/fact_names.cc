#include "libdiag/engine/fact_names.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::engine {

FactNames::FactNames(const std::vector<model::FactSpec>& known) {
  for (const model::FactSpec& spec : known) {
    if (spec.name.ends_with(".*"))
      families_.push_back(spec.name.substr(0, spec.name.size() - 1));
    else
      names_.insert(spec.name);
  }
}

bool FactNames::knows(std::string_view name) const {
  return names_.count(name) > 0 ||
         std::any_of(families_.begin(), families_.end(), [&](std::string_view family) {
           return name.size() > family.size() && name.starts_with(family);
         });
}

std::string FactNames::hint(std::string_view name) const {
  std::vector<std::string> candidates(names_.begin(), names_.end());
  // A family is near when the part of the name that stands in its place is: "config.directve.aio".
  for (const std::string_view family : families_) {
    size_t cut = 0;
    for (auto dots = std::count(family.begin(), family.end(), '.'); dots > 0; --dots) {
      cut = name.find('.', cut);
      if (cut == std::string_view::npos) break;
      ++cut;
    }
    if (cut == std::string_view::npos || cut == name.size()) continue;
    if (!base::closest(name.substr(0, cut), {std::string(family)}).empty())
      candidates.push_back(std::string(family) + std::string(name.substr(cut)));
  }
  std::sort(candidates.begin(), candidates.end());
  const std::string near = base::closest(name, candidates);
  return near.empty() ? std::string() : "did you mean \"" + near + "\"?";
}

}  // namespace ngxdiag::engine

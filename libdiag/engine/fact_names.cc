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
  for (const std::string_view family : families_) {
    // A family is near when what stands in its place is: "config.directve.aio".
    size_t dots = static_cast<size_t>(std::count(family.begin(), family.end(), '.'));
    size_t cut = 0;
    while (dots > 0 && cut != std::string_view::npos) {
      cut = name.find('.', cut);
      if (cut != std::string_view::npos) ++cut;
      --dots;
    }
    const bool member = cut != std::string_view::npos && cut < name.size();
    candidates.push_back(std::string(family) + (member ? std::string(name.substr(cut)) : "NAME"));
  }
  std::sort(candidates.begin(), candidates.end());
  const std::string near = base::closest(name, candidates);
  return near.empty() ? std::string() : "did you mean \"" + near + "\"?";
}

}  // namespace ngxdiag::engine

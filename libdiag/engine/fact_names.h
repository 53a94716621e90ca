// The facts a rule may name: what the analyzers declare, plus the rule's own line patterns.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "libdiag/model/fact.h"

namespace ngxdiag::engine {

class FactNames {
 public:
  explicit FactNames(const std::vector<model::FactSpec>& known);

  bool knows(std::string_view name) const;
  // "did you mean …" for a name that is not known; empty when nothing is near.
  std::string hint(std::string_view name) const;

 private:
  std::unordered_set<std::string_view> names_;
  std::vector<std::string_view> families_;  // "config.directive." of "config.directive.*"
};

}  // namespace ngxdiag::engine

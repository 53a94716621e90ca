// The condition of a rule file in words, for `ngxdiag rules show`.
//   {"all": [{"module": "nchan"}, {"fact": "deaths.total", "at_least": "many"}]}
#pragma once

#include <string>
#include <vector>

#include "libdiag/json/node.h"

namespace ngxdiag::tools {

struct ConditionLine {
  size_t depth = 0;
  std::string text;  // "all of", "the module nchan is there", "deaths.total is at least many (3)"
};

// `params` is the rule's member of that name, or null.
std::vector<ConditionLine> condition_words(const json::Node& condition, const json::Node* params);

}  // namespace ngxdiag::tools

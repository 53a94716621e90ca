// Which finding accounts for which: roots first, effects below them.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "libdiag/engine/score.h"

namespace ngxdiag::engine {

struct Covering {
  // Effect → the root that accounts for it, by rule id. A rule that is not here is a root.
  std::map<std::string_view, std::string_view> explained_by;
  // Cause → the ids among `shown` that follow from it, in id order.
  std::map<std::string_view, std::set<std::string_view>> explains;
};

// `shown`: rules that will be findings or symptoms. A rule of kind cause explains when its
// confidence is at least kSure, what its `explains` names (rule ids or causes) and what those
// explain in turn; a link that is ruled out (its rule is not in `standing`) breaks the chain.
// Forecasts and advisories explain only their like and less: advisories by forecasts, never causes
// or symptoms. Of two that explain each other the higher score is the cause.
Covering cover(const RuleBase& base, const std::vector<Standing>& standing,
               const std::vector<const Standing*>& shown);

}  // namespace ngxdiag::engine

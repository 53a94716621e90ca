// The rules compiled into the program.
#pragma once

#include <vector>

#include "libdiag/engine/rule.h"

namespace ngxdiag::engine {

// rules/causes/**/*.json in path order, marked as proven (the build's own tests lint them).
std::vector<RuleText> builtin_rules();

}  // namespace ngxdiag::engine

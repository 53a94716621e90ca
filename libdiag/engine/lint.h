// What `rules lint` asks of rules beyond what loading demands.
#pragma once

#include "libdiag/engine/issues.h"
#include "libdiag/engine/rule.h"
#include "libdiag/json/node.h"

namespace ngxdiag::engine {

// Of one file: an example that fires and one that stays quiet, reasons for prior and params, fixes
// that say how to verify, words in the places of commands, the folder named for the component.
void lint_rule(const Rule& rule, const json::Node& root, const RuleSource& source,
               bool with_examples);

// Of all together: `explains` and `supersedes` name something; no two rules say the same. Each
// message is preceded by the file.
void lint_together(const RuleBase& base, Issues& issues);

}  // namespace ngxdiag::engine

// One rule file → Rule, or mistakes with their place.
#pragma once

#include "libdiag/engine/condition_reader.h"
#include "libdiag/engine/rule.h"

namespace ngxdiag::engine {

// REQUIRES: `source` points into text.text. The rule is usable only when nothing was added to the
// issues of `source`. When mistakes are gathered, params and patterns that nothing uses are
// mistakes too.
Rule read_rule(const json::Node& root, const RuleText& text, const FactNames& facts,
               const RuleSource& source, bool check_regexes);

}  // namespace ngxdiag::engine

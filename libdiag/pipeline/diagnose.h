// The whole data flow: evidence → facts → findings → report.
#pragma once

#include <string>
#include <vector>

#include "libdiag/analyze/analyzer.h"
#include "libdiag/engine/rule.h"
#include "libdiag/model/report.h"
#include "libdiag/pipeline/suppress.h"
#include "libdiag/source/evidence.h"

namespace ngxdiag::pipeline {

struct Options {
  std::vector<Suppression> suppressions;  // of files and baselines
  std::vector<std::string> only, skip;    // rule ids, causes or components; `only` empty: all
};

// Everything that does not depend on the evidence: the rules and tables, loaded once.
struct Knowledge {
  engine::RuleBase rules;
  std::vector<model::LinePattern> patterns;  // of the rules and of the modules' messages
  analyze::Tables tables;
};

// Whether the examples of the compiled-in rules are read too: `rules test` needs them, no diagnosis
// does.
enum class Examples { kNone, kAll };

// The built-in rules, then `extra` (a later rule with the same id replaces the earlier one). Throws
// base::UserError for a mistake in a rule.
Knowledge load_knowledge(const std::vector<engine::RuleText>& extra = {},
                         Examples examples = Examples::kNone);

// Every fact that an analyzer or a correlator may put, for rule authors and the rule loader.
std::vector<model::FactSpec> known_facts();

// Never throws for evidence, whatever it is.
model::Report diagnose(const source::Evidence& evidence, const Knowledge& knowledge,
                       const Options& options = {});

}  // namespace ngxdiag::pipeline

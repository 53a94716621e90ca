// Running the examples that rules carry.
#pragma once

#include <string_view>

#include "libdiag/engine/evaluate.h"

namespace ngxdiag::engine {

// The facts of an example that goes to the engine alone, each resting on the example itself.
model::FactSet example_facts(const Rule& rule, const RuleExample& example);

// True when the rule is a finding likelier than not, or a symptom: what `"fires": true` demands.
bool fires(const Diagnosis& diagnosis, std::string_view rule_id);

// What is wrong with the outcome of an example, or empty.
std::string check_example(const Rule& rule, const RuleExample& example, const Diagnosis& diagnosis);

// Two rules that only the order of their ids tells apart at the top, as a sentence; or empty. What
// stands first must stand there by evidence.
std::string tied_first(const RuleBase& rules, const Diagnosis& diagnosis);

}  // namespace ngxdiag::engine

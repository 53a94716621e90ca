// Facts and rules → ranked findings, symptoms and what to check next.
#pragma once

#include <vector>

#include "libdiag/engine/rule.h"
#include "libdiag/model/fact.h"
#include "libdiag/model/report.h"

namespace ngxdiag::engine {

struct Diagnosis {
  // Roots first: causes and forecasts, then advice; notable troubles before remarks; the likeliest
  // first. After all roots, in the same order, what they explain.
  std::vector<model::Finding> findings;
  std::vector<model::Symptom> symptoms;       // explained or not
  std::vector<model::NextCheck> next_checks;  // ranked by how far they separate what still stands
};

// Pure. `facts` holds the facts of all analyzers and the pattern facts (pattern_fact()); a pattern
// fact that is absent means that no evidence of its kinds was looked at.
Diagnosis evaluate(const RuleBase& rules, const model::FactSet& facts);

}  // namespace ngxdiag::engine

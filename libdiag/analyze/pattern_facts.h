// The hits of the rules' text patterns as facts, for the engine: line.RULE.NAME (count),
// line.RULE.NAME.1 … (captures of the first hit), .values (distinct texts of capture 1, unknown
// when there are too many to keep), .seconds (from the first hit to the last), .writers (distinct
// pids, counted up to PatternHit::kMaxPids), .roles (who wrote it).
#pragma once

#include <vector>

#include "libdiag/analyze/digest.h"
#include "libdiag/model/fact.h"

namespace ngxdiag::analyze {

// A pattern without hits becomes 0 only when evidence of one of its kinds was looked at; else it
// stays unknown.
void put_pattern_facts(const Digest& digest, const std::vector<model::LinePattern>& patterns,
                       model::FactSet& facts);

}  // namespace ngxdiag::analyze

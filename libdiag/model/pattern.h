// A text pattern that a rule asks for, and where it was met. Patterns travel from the rules
// (engine) to the one pass over the evidence (analyze) as plain data, and neither layer knows the
// other.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "libdiag/model/kinds.h"
#include "libdiag/model/source_ref.h"

namespace ngxdiag::model {

struct LinePattern {
  std::string id;        // "RULE/NAME"
  std::vector<Kind> in;  // empty: any kind
  std::string contains;  // literal that must be there (case as written); never empty
  std::string regex;     // optional, tried on lines that hold the literal
  // Optional: nginx levels that the line may have (a line without level passes).
  std::vector<std::string> levels;
};

struct PatternHit {
  int64_t count = 0;
  std::vector<SourceRef> refs;        // first few, FactSet::kMaxRefs
  std::vector<std::string> captures;  // of the first hit: whole match, then groups
  std::optional<base::CivilTime> first, last;
  std::vector<int64_t> pids;  // distinct writers, at most kMaxPids, in order
  static constexpr size_t kMaxPids = 8;
  std::set<std::string> values;  // distinct texts of capture 1, at most kMaxValues
  bool more_values = false;      // there were more than that
  static constexpr size_t kMaxValues = 256;
};

}  // namespace ngxdiag::model

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
  // The rule wants lines that no other rule accounts for: PatternHit::beside is kept.
  bool leftover = false;
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
  // Of a leftover pattern: for each kind of line, the other rules that met it too, as their ids
  // with a space between, in order; "" when there was none. The captures are of such a line if
  // there is one. At most kMaxBeside, further kinds are left out.
  std::set<std::string> beside;
  static constexpr size_t kMaxBeside = 64;
};

}  // namespace ngxdiag::model

// Weights to probabilities: which rules stand, and how likely each is.
#pragma once

#include <vector>

#include "libdiag/engine/condition.h"
#include "libdiag/engine/rule.h"

namespace ngxdiag::engine {

inline constexpr double kMaxConfidence = 0.99;
inline constexpr double kMinConfidence = 0.01;
inline constexpr double kSure = 0.5;  // likelier than not: it fires, folds others away, explains

inline constexpr double kNotable = 0.3;  // a trouble at least this likely stands before remarks

// A rule that is not ruled out.
struct Standing {
  const Rule* rule = nullptr;
  Truth met = Truth::kUnknown;  // its `requires`
  double score = 0;             // prior and the weights that hold, decibans
  double posterior = 0;         // its odds among its group's rivals, decibans: the uncapped score
  double confidence = 0;        // capped, three decimals
  bool folded = false;          // another one says it more precisely
};

// Rules whose `requires` is not false, in id order. Those that are met share probability within
// their group. A last resort takes what its rivals leave, and is folded away when one of them is
// likelier than not; their shares do not depend on it. Rules folded away leave their share to the
// others. A rule whose `requires` is unknown shares nothing: its confidence is what it would have
// alone.
std::vector<Standing> weigh(const RuleBase& base, const model::FactSet& facts);

}  // namespace ngxdiag::engine

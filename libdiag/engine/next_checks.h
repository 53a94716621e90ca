// What to look at next: the checks that would separate best what still stands.
#pragma once

#include <vector>

#include "libdiag/engine/score.h"
#include "libdiag/model/report.h"

namespace ngxdiag::engine {

inline constexpr double kSettled = 0.9;  // a rule that is this sure asks for nothing
inline constexpr size_t kMaxChecks = 8;

// A rule is open when it stands below kSettled, or when its `requires` is unknown, something speaks
// for it and it would be likely if all that is unknown spoke for it. An open rule of probability p
// has the uncertainty 4p(1-p). A fact that is not known is worth, summed over the open rules,
// uncertainty times the largest weight that hangs on it (kDecisive when `requires` does). A check
// is worth what its best unknown fact is worth; one that names no unknown fact counts kUsual for
// its own rule. Equal commands are one check. At most kMaxChecks, the most valuable first; equals
// keep the rules' order.
std::vector<model::NextCheck> next_checks(const std::vector<Standing>& standing,
                                          const model::FactSet& facts);

inline constexpr double kDecisive = 20;  // decibans
inline constexpr double kUsual = 10;

}  // namespace ngxdiag::engine

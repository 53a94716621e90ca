// Last resorts without a group: "nginx said this, and no rule accounts for it".
#pragma once

#include <vector>

#include "libdiag/engine/score.h"

namespace ngxdiag::engine {

// Folds away every last resort without a group of which each line it requires was also met by a
// pattern of another rule that stands with at least kNotable (PatternHit::beside tells which).
// Example: "[emerg] bind() to 0.0.0.0:80 failed (98: …)" is taken by a rule about the port, so the
// rule for any [emerg] line is silent; with a second, odd [emerg] line it is not.
void fold_leftovers(const model::FactSet& facts, std::vector<Standing>& all);

}  // namespace ngxdiag::engine

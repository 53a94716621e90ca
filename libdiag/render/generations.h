// Generations of workers as the facts tell them (generations.*, one row for each start or reload).
//   began ["2026-04-21 23:18:20", "2026-04-21 23:18:15"], serving ["0", "0"], leaving ["0", "7"]
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libdiag/model/fact.h"

namespace ngxdiag::render {

struct Generation {
  base::CivilTime began = 0;
  std::optional<base::CivilTime> replaced;           // when the next one began; empty: the present
  std::optional<int64_t> serving, leaving, crashed;  // empty: unknown
};

// What has become of it: "16 serving", "7 still leaving", "gone", "unknown".
std::string fate(const Generation& generation);

struct Generations {
  std::string instance;          // which nginx, when the host runs several
  std::vector<Generation> rows;  // the oldest first; never empty
};

std::vector<Generations> generations(const model::FactSet& facts);

}  // namespace ngxdiag::render

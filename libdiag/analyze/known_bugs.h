// Which of nginx's own fixed bugs and security advisories does this version still have, by the
// directives in use? Advice only: a bug that is there need not be happening.
// Facts: advisories.* (declared with their meaning in the source file).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {

// A row of rules/data/known_bugs.tsv.
struct KnownBug {
  std::string id, kind, phase, versions, fixed, needs, says, source;
};
// Comment lines and rows without eight cells are left out.
std::vector<KnownBug> read_known_bugs(std::string_view table);

// True when `version` lies in a range of `versions` ("1.25.0-1.25.3;1.26.0", "1.9.2-<1.9.3") and
// its own branch (major.minor) has no fix at or below it.
bool is_affected(std::string_view version, const KnownBug& bug);

// Whether the directives that the bug needs are in use; empty when the configuration cannot tell.
std::optional<bool> is_in_use(const KnownBug& bug, const model::FactSet& known);

extern const Analyzer kKnownBugs;

}  // namespace ngxdiag::analyze

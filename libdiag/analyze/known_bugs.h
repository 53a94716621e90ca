// Which fixed bugs and security advisories of nginx and of its third-party modules do these
// versions still have, by the directives in use? Advice only: a bug that is there need not be
// happening. Facts: advisories.* (declared with their meaning in the source file).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/analyze/analyzer.h"

namespace ngxdiag::analyze {

// A row of rules/data/known_bugs.tsv.
struct KnownBug {
  std::string component, id, kind, phase, versions, fixed, needs, says, source;
};
// Comment lines and rows without nine cells are left out.
std::vector<KnownBug> read_known_bugs(std::string_view table);

// True when `version` lies in a range of `versions` ("1.25.0-1.25.3;1.26.0", "1.9.2-<1.9.3") and
// its own branch (major.minor) has no fix at or below it. Fixes with a dash are revisions of
// Debian's package ("1.22.1-9+deb12u2"), compared with `package_revision` ("" when it is not
// known).
bool is_affected(std::string_view version, std::string_view package_revision, const KnownBug& bug);

// From rules/data/lua_pairs.tsv, the releases of the lua module that release `library` of
// lua-resty-core accepts ("0.10.18 or 0.10.19"), when `module` is none of them. Empty: it fits, or
// the table does not know the library.
std::optional<std::string> resty_core_wants(std::string_view table, std::string_view library,
                                            std::string_view module);

// Whether the directives that the bug needs are in use; empty when the configuration cannot tell.
std::optional<bool> is_in_use(const KnownBug& bug, const model::FactSet& known);

extern const Analyzer kKnownBugs;

}  // namespace ngxdiag::analyze

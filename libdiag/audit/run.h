// All checks over one configuration: findings with their words filled in, the worst first, and what
// a comment of the configuration puts aside:
//   # ngxdiag: ignore alias-traversal: the files are public
// on the line of the directive or on the line before it.
#pragma once

#include <string>
#include <vector>

#include "libdiag/audit/check.h"
#include "libdiag/model/config_report.h"

namespace ngxdiag::audit {

// Findings that say what nginx would refuse, and mistakes in the comments that put findings aside.
inline constexpr const char* kSyntaxCheck = "syntax";
inline constexpr const char* kIncludeCheck = "include-missing";
inline constexpr const char* kIgnoreCheck = "ignore-comment";

struct Selection {
  std::vector<std::string> only, skip;  // ids, aliases or groups; `only` empty: all
};
bool selected(const Selection& selection, const Check& check);

// Adds to findings, suppressed, files and the counts of `report`.
void run_checks(const parse::Config& config, const Host& host, const std::vector<Check>& checks,
                const Selection& selection, model::ConfigReport& report);

// The order of ConfigReport::findings.
void sort_findings(std::vector<model::ConfigFinding>& findings);

// The words of one occurrence.
model::ConfigFinding finding_of(const Context& context, const Hit& hit);

// True for an include whose file could not be read.
bool is_include_problem(const parse::ConfigProblem& problem);

}  // namespace ngxdiag::audit

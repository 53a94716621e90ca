// The rules and tables that every diagnosis shares (load_knowledge() of diagnose.h), and the
// readers of the tables below rules/data.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/pipeline/diagnose.h"

namespace ngxdiag::pipeline {

// kind TAB text TAB slug per line; '#' begins a comment line. A line without three cells is left
// out.
std::vector<analyze::Witness> read_witnesses(std::string_view table);

// {"name": {"value": 60, "because": "…"}}. Throws base::UserError when a value or a reason is
// missing.
std::map<std::string, double, std::less<>> read_thresholds(std::string_view text,
                                                           std::string_view where);

}  // namespace ngxdiag::pipeline

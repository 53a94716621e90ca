// Sentences of a check with an occurrence's values: "{args} in {block}" -> "on in http > server".
// Known everywhere: {name} {args} {arg.0} {directive} {block} {parent} {server} {file} {line},
// {param.NAME}, {effective.DIRECTIVE} (its arguments) and what the detector adds. A brace around
// anything else is only a brace; {NAME|words} has words for what is empty or missing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libdiag/audit/check.h"

namespace ngxdiag::audit {

// Names without a value are appended to `unknown`, when given, and stay as they are.
std::string fill(std::string_view text, const Context& context, const Hit& hit,
                 std::vector<std::string>* unknown = nullptr);

}  // namespace ngxdiag::audit

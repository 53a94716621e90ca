// Node to text: UTF-8, members in their order, the same bytes for the same value.
//   {"schema": "ngxdiag.report/1", "findings": []}
#pragma once

#include <string>

#include "libdiag/json/node.h"

namespace ngxdiag::json {

// With `indent` blanks per level and one member a line, or on one line when `indent` is negative.
// No line end after the last brace. Integers are exact, other numbers have the fewest digits that
// read back as the same value. Bytes that are not UTF-8 become U+FFFD; control characters (C1 and
// DEL too) and bidirectional overrides are escaped, so that the text is safe on a terminal.
std::string dump(const Node& node, int indent = 2);

// One string with its quotes.
std::string quote(std::string_view text);

}  // namespace ngxdiag::json

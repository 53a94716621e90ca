// Text to Node, and errors that point into that text.
//   rules/crash/storm.json:3:12: not valid JSON: unexpected ']'
//     "weight": ],
//               ^
//     expected '[', '{', or a literal
#pragma once

#include <string>
#include <string_view>

#include "libdiag/base/error.h"
#include "libdiag/json/node.h"

namespace ngxdiag::json {

// Deeper nesting is refused.
inline constexpr size_t kMaxDepth = 64;

// The one value that `text` holds. `where` names the file in errors. Strict: no comments, no
// trailing commas, no key twice in one object. Throws base::UserError on anything else. An integer
// beyond 64 bits is read as a number.
Node parse(std::string_view text, std::string_view where);

// The same up to the member `last` of the outermost object: it and what stands behind it are not
// read, and not checked.
Node parse_until(std::string_view text, std::string_view where, std::string_view last);

// An error about the value or key at `at` in `text`: WHERE:LINE:COLUMN, the line with a caret, then
// `reason` and `help`.
base::UserError error_at(std::string_view text, std::string_view where, Position at,
                         std::string what, std::string reason = {}, std::string help = {});

}  // namespace ngxdiag::json

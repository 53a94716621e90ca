// The members of a JSON object that stands on one line, as log drivers write it:
//   {"log":"2026/04/21 23:18:20 [alert] 1#1:
//   \u2026\n","stream":"stderr","time":"2026-04-21T23:18:20Z"}
// Only what those need: the top level; values stay text until they are asked for. It takes any
// bytes, in linear time; what is no object has no members.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ngxdiag::source {

// Keys as written between the quotes; values as written: "\"a\"", "12", "{…}". Members behind
// broken syntax are missing. At most 256.
std::vector<std::pair<std::string_view, std::string_view>> json_members(std::string_view line);

// The bytes of a value: a string with its escapes resolved, or (as journalctl prints bytes that are
// no UTF-8) an array of numbers. Empty on anything else. A string without its end is taken as far
// as it goes.
std::optional<std::string> json_bytes(std::string_view value);

}  // namespace ngxdiag::source

// Version numbers: upstream ones ("1.24.0") and distribution revisions ("1.24.0-2ubuntu7.10").
#pragma once

#include <string_view>

namespace ngxdiag::base {

// Three-way comparison in Debian's order (deb-version(7): digits by value, '~' before the end,
// letters before other bytes), which also orders upstream versions. An epoch ("1:") counts only
// when both sides have one. Negative, zero or positive.
int compare_versions(std::string_view a, std::string_view b);

// True when `text` begins with a digit and holds only what a version may hold.
bool is_version(std::string_view text);

}  // namespace ngxdiag::base

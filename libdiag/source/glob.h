// nginx's include patterns: glob(3) without flags (ngx_glob.c), over any Files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libdiag/source/files.h"

namespace ngxdiag::source {

// True when `name` matches the one path component `pattern` (*, ?, [a-z], [!a], \x). A leading dot
// is matched only by a dot. Time is bounded by the product of both lengths.
bool glob_match(std::string_view pattern, std::string_view name);

// Existing paths that match, in byte order; a pattern without wildcards gives itself when it
// exists. At most kMaxGlob, so that a hostile tree cannot fill the memory.
std::vector<std::string> expand_glob(const Files& files, std::string_view pattern);

inline constexpr size_t kMaxGlob = 20000;

}  // namespace ngxdiag::source

// glob(3) patterns over names that are already known, as nginx's include uses them (ngx_open_glob
// with no flags): `*` and `?` stop at a slash and at a leading dot, `[a-z]`, `[!a]`, `\x`.
//   /etc/nginx/sites-enabled/*
#pragma once

#include <cstddef>
#include <string_view>

namespace ngxdiag::parse {

// True when nginx would call glob(3) for this name instead of opening it.
bool has_wildcard(std::string_view name);

// Bounded: `steps`, when given, is lowered by the work done and ends the match (as false) at zero.
bool glob_match(std::string_view pattern, std::string_view name, size_t* steps = nullptr);

}  // namespace ngxdiag::parse

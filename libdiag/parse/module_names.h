// One name for one module, however it is written: file of a dynamic module, Debian or nginx.org
// package, source directory of --add-module, ngx_module_t name, line of a list of modules.
//   ngx_http_lua_module.so, libnginx-mod-http-lua 1:0.10.23-1, ../ngx_lua-0.10.28, lua 0.10.13 ->
//   lua
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

// The component slug, or empty when the name is of no known module.
std::string module_slug(std::string_view any_name);

// True for slugs of modules that ship with nginx itself (stream, mail, geoip, perl, ssl …).
bool is_core_module(std::string_view slug);

// As module_slug(); for an unknown third-party name a readable one made from it
// ("/src/ngx_http_foo-bar_module-1.2" -> "foo-bar"). Empty only when nothing is left.
std::string module_name_or_slug(std::string_view any_name);

// All slugs known, sorted.
std::vector<std::string_view> known_module_slugs();

}  // namespace ngxdiag::parse

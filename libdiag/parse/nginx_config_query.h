// Questions that analyzers ask of a parsed configuration. Everything returned points into the
// Config, which must outlive it. Lines of data blocks (map, types, geo …) are never taken for
// directives.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/parse/nginx_config.h"

namespace ngxdiag::parse {

// The blocks around a directive, outermost first; empty at the top level.
using BlockPath = std::vector<const Directive*>;

// A directive and where it stands.
struct Placed {
  const Directive* directive = nullptr;
  BlockPath path;

  // The innermost enclosing block of that name ("server"), or null.
  const Directive* enclosing(std::string_view name) const;
  // "http", "stream", "mail", "rtmp": the outermost block's name, empty for a fragment or main.
  std::string_view protocol() const;
};

// Visits every directive in the order nginx reads them.
void walk(const Config& config,
          const std::function<void(const Directive&, const BlockPath&)>& visit);

// All directives of one name, or of any of several.
std::vector<Placed> find_all(const Config& config, std::string_view name);
std::vector<Placed> find_any(const Config& config, const std::vector<std::string_view>& names);
// The first in reading order, or null.
const Directive* find_first(const Config& config, std::string_view name);
// Direct children of a block.
std::vector<const Directive*> children_of(const Directive& block, std::string_view name);

// What a simple directive is worth inside the innermost block of `path`: the last one of the
// nearest level that has any; null when only nginx's default applies. Add the block itself to its
// own path.
const Directive* effective(const Config& config, const BlockPath& path, std::string_view name);
// For directives that add up on one level but are inherited only as a whole (access_log, error_log,
// add_header, proxy_set_header …): all of the nearest level that has any.
std::vector<const Directive*> effective_all(const Config& config, const BlockPath& path,
                                            std::string_view name);

// "http > server(example.org) > location /x" for reports.
std::string describe(const BlockPath& path);

}  // namespace ngxdiag::parse

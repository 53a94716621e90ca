// Locations: what alias lets out, what `if` breaks, what nobody reaches.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "libdiag/audit/detect_themes.h"
#include "libdiag/audit/regex_shape.h"
#include "libdiag/audit/variables.h"
#include "libdiag/base/text.h"

namespace ngxdiag::audit {
namespace {

// How a location is written: "" for a prefix, "^~", "=", "~", "~*", "@" for a named one.
struct LocationMatch {
  std::string_view modifier, path;
  bool prefix() const { return modifier.empty() || modifier == "^~"; }
  bool regex() const { return modifier.starts_with("~"); }
};

LocationMatch location_match(const parse::Directive& location) {
  if (location.args.size() >= 2) return {location.arg(0), location.arg(1)};
  const std::string_view path = location.arg(0);
  // nginx takes "=/x" and "~^/x" without the blank too (ngx_http_core_location).
  for (const std::string_view modifier : {"^~", "~*", "~", "=", "@"})
    if (path.starts_with(modifier)) return {modifier, path.substr(modifier.size())};
  return {"", path};
}

bool is_internal(const Tree& tree, NodeId location) {
  return !tree.children(location, "internal").empty();
}

std::string with_slash(std::string_view text) {
  std::string out(text);
  if (!out.ends_with("/")) out += '/';
  return out;
}

// A last part with a dot in it names a file: "/srv/www/favicon.ico".
bool names_a_file(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  return last.find('.') != std::string_view::npos && last != "." && last != "..";
}

std::vector<Hit> alias_slash(const Context& context, bool traversal) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("alias")) {
    const NodeId location = tree.enclosing(id, "location");
    if (location == kNone || is_internal(tree, location)) continue;
    const LocationMatch match = location_match(tree.at(location));
    const std::string_view target = tree.at(id).arg(0);
    if (!match.prefix() || target.empty() || match.path.empty()) continue;
    const bool path_slash = match.path.ends_with("/"), target_slash = target.ends_with("/");
    if (path_slash == target_slash) {
      // Both without: /img also serves /srv/img-private. A file of the same name is meant.
      if (path_slash || traversal || names_a_file(target) || names_a_file(match.path)) continue;
      if (!variables_in(target).empty() && variables_in(target).back().end == target.size())
        continue;
    } else if (traversal != target_slash) {
      continue;
    }
    Hit hit{.node = id};
    hit.values = {
        {"path", std::string(match.path)},
        {"location", joined_args(tree.at(location))},
        {"fixed_location", (match.modifier.empty() ? "" : "^~ ") + with_slash(match.path)},
        {"fixed_alias", with_slash(target)},
        {"up", std::string(match.path) + "../"}};
    hit.related = {location};
    hits.push_back(std::move(hit));
  }
  return hits;
}

// /img + alias /srv/img/: a request for /img../secret is /srv/img/../secret.
std::vector<Hit> alias_traversal(const Context& context) { return alias_slash(context, true); }
std::vector<Hit> alias_mismatch(const Context& context) { return alias_slash(context, false); }

std::vector<Hit> allow_without_deny(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  NodeId last = kNone;
  for (const NodeId id : tree.all("allow")) {
    const NodeId block = tree.parent(id);
    if (block == last) continue;
    last = block;
    // A fragment that is included behind a list has its deny elsewhere.
    if (block == kTop && !tree.config().complete) continue;
    if (!tree.children(block, "deny").empty() || tree.at(id).arg(0) == "all") continue;
    if (block != kTop && tree.at(block).name != "location" && tree.at(block).name != "server" &&
        tree.at(block).name != "http" && tree.at(block).name != "limit_except" &&
        tree.at(block).name != "stream")
      continue;
    hits.push_back({.node = id});
  }
  return hits;
}

}  // namespace

std::span<const NamedDetector> location_detectors() {
  static constexpr NamedDetector kDetectors[] = {
      {"alias-traversal", alias_traversal},
      {"alias-mismatch", alias_mismatch},
      {"allow-without-deny", allow_without_deny},
  };
  return kDetectors;
}

}  // namespace ngxdiag::audit

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

// Directives of the rewrite module, which `if` is part of; and those that do no harm in it.
constexpr std::string_view kSafeInIf[] = {"return",
                                          "rewrite",
                                          "set",
                                          "break",
                                          "rewrite_log",
                                          "access_log",
                                          "limit_rate",
                                          "limit_rate_after",
                                          "uninitialized_variable_warn",
                                          "set_by_lua_block",
                                          "if",
                                          "add_header",
                                          "include",
                                          "valid_referers"};

// `if` in a location is a nested location of its own: what stands in it works on its own terms, and
// the location's other directives do not.
std::vector<Hit> if_is_evil(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("if")) {
    if (!tree.at(id).block || tree.enclosing(id, "location") == kNone) continue;
    std::vector<std::string> found;
    bool handler = false;
    for (const NodeId child : tree.children(id)) {
      const std::string& name = tree.at(child).name;
      if (std::find(std::begin(kSafeInIf), std::end(kSafeInIf), name) != std::end(kSafeInIf))
        continue;
      handler = handler || name.ends_with("_pass") || name == "try_files" || name == "root";
      found.push_back(name);
    }
    // One header in one block is sent; of two blocks the last one wins.
    if (!tree.children(id, "add_header").empty()) {
      const auto beside = tree.children(tree.parent(id), "if");
      const bool another = std::any_of(beside.begin(), beside.end(), [&](NodeId other) {
        return other < id && !tree.children(other, "add_header").empty();
      });
      if (another && tree.children(id, "return").empty()) found.push_back("add_header");
    }
    if (found.empty()) continue;
    Hit hit{.node = id, .values = {{"inside", base::join(found, ", ")}}};
    if (!handler) hit.severity = model::Severity::kInfo;
    hits.push_back(std::move(hit));
  }
  return hits;
}

// The whole file system below a URL.
std::vector<Hit> root_exposure(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const std::string_view name : {"root", "alias"})
    for (const NodeId id : tree.all(name)) {
      const std::string_view target = tree.at(id).arg(0);
      if (target.empty() || target.find_first_not_of('/') != std::string_view::npos) continue;
      const NodeId location = tree.enclosing(id, "location");
      if (location != kNone) {
        const LocationMatch match = location_match(tree.at(location));
        if (is_internal(tree, location) || match.modifier == "=") continue;
        // root adds the location's own path: only what lies below that is served.
        if (name == std::string_view("root") && match.prefix() && match.path.size() > 1) continue;
      }
      hits.push_back({.node = id});
    }
  return hits;
}

bool is_closed(const Tree& tree, NodeId location) {
  for (const NodeId id : tree.effective_all(location, "deny"))
    if (tree.at(id).arg(0) == "all") return true;
  for (const std::string_view name :
       {"auth_basic", "auth_request", "auth_jwt", "ssl_verify_client"}) {
    const NodeId id = tree.effective(location, name);
    if (id != kNone && tree.at(id).arg(0) != "off") return true;
  }
  for (NodeId block = location; block != kTop; block = tree.parent(block))
    if (!tree.children(block, "internal").empty() ||
        !tree.children(block, "access_by_lua_block").empty() || !tree.inside(block, "if").empty())
      return true;
  return false;
}

std::vector<Hit> status_exposed(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const std::string_view name :
       {"stub_status", "vhost_traffic_status_display", "server_traffic_status_display",
        "req_status_show", "check_status", "upstream_show", "nginx_status", "nchan_stub_status",
        "push_stream_channels_statistics"})
    for (const NodeId id : tree.all(name)) {
      const NodeId location = tree.parent(id);
      if (location == kTop || tree.at(id).arg(0) == "off" || is_closed(tree, location)) continue;
      const NodeId server = tree.enclosing(id, "server");
      // A fragment's server may be closed where it is included.
      if (server == kNone) continue;
      const auto listens = tree.children(server, "listen");
      const bool local =
          !listens.empty() && std::all_of(listens.begin(), listens.end(), [&](NodeId listen) {
            const std::string_view address = tree.at(listen).arg(0);
            return address.starts_with("127.") || address.starts_with("unix:") ||
                   address.starts_with("localhost") || address.starts_with("[::1]");
          });
      if (!local) hits.push_back({.node = id});
    }
  return hits;
}

// Variables that are part of an address, a path or an answer: there an empty one breaks something.
std::set<std::string> needed_variables(const Tree& tree) {
  std::set<std::string> out;
  for (const std::string_view name :
       {"proxy_pass", "fastcgi_pass", "uwsgi_pass", "grpc_pass", "scgi_pass", "memcached_pass",
        "root", "alias", "return", "rewrite", "try_files", "ssl_certificate",
        "ssl_certificate_key"})
    for (const NodeId id : tree.all(name))
      for (const parse::ConfigArg& arg : tree.at(id).args)
        for (const VariableUse& use : variables_in(arg.value)) out.insert(use.name);
  return out;
}

std::vector<Hit> map_without_default(const Context& context) {
  const Tree& tree = context.tree;
  const auto needed = needed_variables(tree);
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("map")) {
    const parse::Directive& map = tree.at(id);
    if (map.children.empty() || !map.arg(1).starts_with("$") ||
        needed.count(base::lower(map.arg(1).substr(1))) == 0)
      continue;
    bool has_default = false;
    for (const parse::Directive& line : map.children)
      // What an include or a catch-all brings counts as one.
      has_default = has_default || line.name == "default" || line.name == "include" ||
                    line.name == "~.*" || line.name == "~." || line.name == "~^.*$";
    if (!has_default)
      hits.push_back({.node = id, .values = {{"variable", std::string(map.arg(1))}}});
  }
  return hits;
}

// nginx looks variables up in lower case: $Foo and $foo are one.
std::vector<Hit> mixed_case(const Context& context) {
  const Tree& tree = context.tree;
  std::unordered_map<std::string, std::pair<std::string, NodeId>> first;
  std::set<std::string> told;
  std::vector<Hit> hits;
  for (const std::string_view name : {"set", "map", "geo", "auth_request_set"})
    for (const NodeId id : tree.all(name)) {
      const parse::Directive& directive = tree.at(id);
      const std::string spelled(
          name == std::string_view("set") || name == std::string_view("auth_request_set")
              ? directive.arg(0)
          : directive.args.empty() ? std::string_view()
                                   : std::string_view(directive.args.back().value));
      if (!spelled.starts_with("$")) continue;
      const std::string lower = base::lower(spelled);
      const auto [known, fresh] = first.try_emplace(lower, spelled, id);
      if (fresh || known->second.first == spelled || !told.insert(lower).second) continue;
      hits.push_back({.node = id,
                      .values = {{"one", known->second.first}, {"other", spelled}},
                      .related = {known->second.second}});
    }
  return hits;
}

}  // namespace

std::span<const NamedDetector> location_detectors() {
  static constexpr NamedDetector kDetectors[] = {
      {"alias-traversal", alias_traversal},
      {"alias-mismatch", alias_mismatch},
      {"allow-without-deny", allow_without_deny},
      {"if-is-evil", if_is_evil},
      {"map-without-default", map_without_default},
      {"mixed-case-variable", mixed_case},
      {"root-exposure", root_exposure},
      {"status-exposed", status_exposed},
  };
  return kDetectors;
}

}  // namespace ngxdiag::audit

// Upstreams: who decides where a request goes, when names are resolved, whether connections are
// kept.
#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "libdiag/audit/detect_themes.h"
#include "libdiag/audit/variables.h"
#include "libdiag/base/text.h"
#include "libdiag/base/version.h"

namespace ngxdiag::audit {
namespace {

constexpr std::string_view kPasses[] = {"proxy_pass", "grpc_pass", "fastcgi_pass",
                                        "uwsgi_pass", "scgi_pass", "memcached_pass"};

// "http://app.example.org:8080/x" in its parts; without a scheme the host begins at once.
struct Target {
  std::string_view scheme, host, port, uri;
  bool unix_socket = false;
};

Target target_of(std::string_view text) {
  Target out;
  const size_t scheme = text.find("://");
  if (scheme != std::string_view::npos) {
    out.scheme = text.substr(0, scheme);
    text.remove_prefix(scheme + 3);
  }
  if (text.starts_with("unix:")) {
    out.unix_socket = true;
    return out;
  }
  size_t path = std::min(text.find_first_of("/?"), text.size());
  // "http://app$request_uri": these begin with the slash themselves.
  for (const VariableUse& use : variables_in(text.substr(0, path)))
    if (use.begin > 0 && (use.name == "request_uri" || use.name == "uri" ||
                          use.name == "document_uri" || use.name == "is_args")) {
      path = use.begin;
      break;
    }
  std::string_view authority = text.substr(0, path);
  out.uri = text.substr(path);
  const size_t bracket = authority.rfind(']');
  const size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    out.port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  out.host = authority;
  return out;
}

bool is_address(std::string_view host) {
  return host.starts_with("[") ||
         (!host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

bool is_local_name(std::string_view host) { return host == "localhost" || host.empty(); }

std::unordered_set<std::string> upstream_names(const Tree& tree) {
  std::unordered_set<std::string> out;
  for (const NodeId id : tree.all("upstream")) out.insert(base::lower(tree.at(id).arg(0)));
  return out;
}

bool has_variable(std::string_view text) { return !variables_in(text).empty(); }

bool is_internal(const Tree& tree, NodeId id) {
  for (NodeId block = tree.enclosing(id, "location"); block != kNone;) {
    if (!tree.children(block, "internal").empty() || tree.at(block).arg(0).starts_with("@"))
      return true;
    const NodeId parent = tree.parent(block);
    block = parent == kTop ? kNone : tree.enclosing(parent, "location");
  }
  return false;
}

// The server takes requests for any name: $host is what the client wants it to be.
bool answers_for_all(const Tree& tree, NodeId id) {
  const NodeId server = tree.enclosing(id, "server");
  if (server == kNone) return false;
  const auto names = tree.children(server, "server_name");
  if (names.empty()) return true;
  for (const NodeId name : names)
    for (const parse::ConfigArg& arg : tree.at(name).args)
      if (arg.value == "_" || arg.value.empty()) return true;
  for (const NodeId listen : tree.children(server, "listen"))
    for (const parse::ConfigArg& arg : tree.at(listen).args)
      if (arg.value == "default_server" || arg.value == "default") return true;
  return false;
}

// Finds the variable by which a client steers the address `text` that stands at `at`; "" for none.
// What a variable is `set` to is looked at in its place, as long as it is the whole address.
class AddressReader {
 public:
  explicit AddressReader(const Tree& tree) : tree_(tree), taint_(tree) {
    for (const NodeId id : tree.all("set"))
      if (tree.at(id).arg(0).starts_with("$"))
        sets_[base::lower(tree.at(id).arg(0).substr(1))].push_back(id);
  }

  std::string steered_by(std::string_view text, NodeId at, int depth = 0) const {
    const Target target = target_of(text);
    if (target.unix_socket) return {};
    const auto uses = variables_in(text);
    if (uses.size() == 1 && uses[0].begin == 0 && uses[0].end == text.size() && depth < kFollow) {
      const auto found = sets_.find(uses[0].name);
      if (found != sets_.end()) {
        for (const NodeId set : found->second) {
          std::string variable = steered_by(tree_.at(set).arg(1), set, depth + 1);
          if (!variable.empty()) return variable;
        }
        return {};
      }
    }
    // Scheme and host: what a slash in a variable can turn into another host.
    const size_t host_end =
        static_cast<size_t>(target.host.data() - text.data()) + target.host.size();
    for (const VariableUse& use : variables_in(text.substr(0, host_end))) {
      bool open = false;
      for (const char c : {'/', '?', '#', '@'}) open = open || taint_.may_hold(use, c, at);
      // A name of its own choice, when nothing is put behind it.
      open = open || (use.end == host_end && use.name != "host" && taint_.may_hold(use, '.', at));
      if (use.name == "host" && answers_for_all(tree_, at)) open = true;
      if (open) return use.name;
    }
    return {};
  }

 private:
  static constexpr int kFollow = 4;
  const Tree& tree_;
  Taint taint_;
  std::unordered_map<std::string, std::vector<NodeId>> sets_;
};

// The host of proxy_pass comes from the client.
std::vector<Hit> ssrf(const Context& context) {
  const Tree& tree = context.tree;
  const AddressReader reader(tree);
  std::vector<Hit> hits;
  for (const std::string_view name : {"proxy_pass", "grpc_pass"})
    for (const NodeId id : tree.all(name)) {
      if (variables_in(tree.at(id).arg(0)).empty() || is_internal(tree, id)) continue;
      const std::string variable = reader.steered_by(tree.at(id).arg(0), id);
      if (!variable.empty()) hits.push_back({.node = id, .values = {{"variable", variable}}});
    }
  return hits;
}

std::vector<Hit> static_names(const Context& context) {
  const Tree& tree = context.tree;
  const auto upstreams = upstream_names(tree);
  std::vector<Hit> hits;
  std::set<std::string> told;
  const auto look = [&](NodeId id, std::string_view host) {
    if (is_address(host) || is_local_name(host) || has_variable(host)) return;
    if (upstreams.count(base::lower(host)) > 0) return;
    // In a fragment the upstream may be defined elsewhere.
    if (!tree.config().complete && host.find('.') == std::string_view::npos) return;
    if (!told.insert(std::string(host)).second) return;
    hits.push_back({.node = id, .values = {{"host", std::string(host)}}});
  };
  for (const std::string_view name : kPasses)
    for (const NodeId id : tree.all(name)) {
      const Target target = target_of(tree.at(id).arg(0));
      if (!target.unix_socket && !has_variable(tree.at(id).arg(0))) look(id, target.host);
    }
  for (const NodeId upstream : tree.all("upstream"))
    for (const NodeId id : tree.children(upstream, "server")) {
      const parse::Directive& server = tree.at(id);
      const bool resolves = std::any_of(server.args.begin(), server.args.end(),
                                        [](const auto& arg) { return arg.value == "resolve"; });
      const Target target = target_of(server.arg(0));
      if (!resolves && !target.unix_socket) look(id, target.host);
    }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.node < b.node; });
  return hits;
}

// "no resolver defined to resolve app.example.org": every request fails.
std::vector<Hit> variable_without_resolver(const Context& context) {
  const Tree& tree = context.tree;
  const auto upstreams = upstream_names(tree);
  // What `set` gives a variable, as far as it is plain text.
  std::unordered_map<std::string, std::vector<std::string>> values;
  for (const NodeId id : tree.all("set"))
    if (tree.at(id).arg(0).starts_with("$"))
      values[base::lower(tree.at(id).arg(0).substr(1))].emplace_back(tree.at(id).arg(1));
  for (const std::string_view name : {"map", "geo", "split_clients"})
    for (const NodeId id : tree.all(name)) {
      const std::string_view variable = tree.at(id).args.empty()
                                            ? std::string_view()
                                            : std::string_view(tree.at(id).args.back().value);
      if (variable.starts_with("$"))
        for (const parse::Directive& line : tree.at(id).children)
          values[base::lower(variable.substr(1))].emplace_back(line.arg(0));
    }
  std::vector<Hit> hits;
  for (const std::string_view name : kPasses)
    for (const NodeId id : tree.all(name)) {
      const std::string text(tree.at(id).arg(0));
      const auto uses = variables_in(text);
      if (uses.empty() || !tree.whole(id) || tree.effective(tree.parent(id), "resolver") != kNone)
        continue;
      const Target target = target_of(text);
      const auto in_host = variables_in(target.host);
      const bool whole_url = target.host == text && uses.size() == 1;
      if (target.unix_socket) continue;
      if (in_host.empty()) {
        // A fixed host with a variable path: resolved at run time as well, unless it is an
        // upstream.
        if (is_address(target.host) || is_local_name(target.host) ||
            upstreams.count(base::lower(target.host)) > 0)
          continue;
        hits.push_back({.node = id, .values = {{"host", std::string(target.host)}}});
        continue;
      }
      if (in_host.size() != 1 || in_host[0].end != target.host.size() || in_host[0].begin != 0)
        continue;
      const auto found = values.find(in_host[0].name);
      if (found == values.end()) continue;
      for (const std::string& value : found->second) {
        const std::string url = whole_url ? value : "http://" + value;
        const Target inner = target_of(url);
        if (inner.unix_socket || inner.host.empty() || has_variable(value) ||
            is_address(inner.host) || is_local_name(inner.host) ||
            upstreams.count(base::lower(inner.host)) > 0)
          continue;
        hits.push_back({.node = id, .values = {{"host", std::string(inner.host)}}});
        break;
      }
    }
  return hits;
}

std::vector<Hit> keepalive(const Context& context) {
  const Tree& tree = context.tree;
  // 1.1 and kept connections are the default since 1.29.7.
  if (!context.host.nginx_version.empty() &&
      base::compare_versions(context.host.nginx_version, "1.29.7") >= 0)
    return {};
  std::unordered_map<std::string, NodeId> kept;
  for (const NodeId upstream : tree.all("upstream"))
    for (const NodeId id : tree.children(upstream, "keepalive"))
      kept.emplace(base::lower(tree.at(upstream).arg(0)), id);
  std::set<NodeId> told;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("proxy_pass")) {
    if (!tree.whole(id)) continue;
    const Target target = target_of(tree.at(id).arg(0));
    const auto found = kept.find(base::lower(target.host));
    if (found == kept.end()) continue;
    const NodeId block = tree.parent(id);
    const NodeId version = tree.effective(block, "proxy_http_version");
    const bool modern = version != kNone && tree.at(version).arg(0) != "1.0";
    bool cleared = false;
    for (const NodeId header : tree.effective_all(block, "proxy_set_header"))
      if (base::lower(tree.at(header).arg(0)) == "connection") cleared = true;
    if (modern && cleared) continue;
    hits.push_back(
        {.node = id,
         .values = {{"upstream", std::string(target.host)},
                    {"missing", !modern && !cleared
                                    ? "proxy_http_version 1.1 and an empty Connection header are"
                                : !modern ? "proxy_http_version 1.1 is"
                                          : "an empty Connection header is"}},
         .related = {found->second}});
  }
  return hits;
}

std::vector<Hit> missing_host(const Context& context) {
  const Tree& tree = context.tree;
  const auto upstreams = upstream_names(tree);
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("proxy_pass")) {
    if (!tree.whole(id) || tree.protocol(id) != "http") continue;
    const Target target = target_of(tree.at(id).arg(0));
    // Towards another site its own name is right.
    if (upstreams.count(base::lower(target.host)) == 0) continue;
    bool host = false;
    for (const NodeId header : tree.effective_all(tree.parent(id), "proxy_set_header"))
      host = host || base::lower(tree.at(header).arg(0)) == "host";
    if (!host) hits.push_back({.node = id, .values = {{"host", std::string(target.host)}}});
  }
  return hits;
}

// location /api with proxy_pass http://app/: /apixyz goes to //xyz, and /api../x climbs.
std::vector<Hit> proxy_slash(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("proxy_pass")) {
    const NodeId location = tree.parent(id);
    if (location == kTop || tree.at(location).name != "location") continue;
    const parse::Directive& block = tree.at(location);
    const std::string_view modifier = block.args.size() > 1 ? block.arg(0) : "";
    const std::string_view path = block.args.size() > 1 ? block.arg(1) : block.arg(0);
    if ((!modifier.empty() && modifier != "^~") || !path.starts_with("/") || path.ends_with("/"))
      continue;
    const Target target = target_of(tree.at(id).arg(0));
    if (!target.uri.ends_with("/") || has_variable(tree.at(id).arg(0))) continue;
    hits.push_back(
        {.node = id,
         .values = {{"path", std::string(path)},
                    {"fixed_location", (modifier.empty() ? "" : "^~ ") + std::string(path) + "/"}},
         .related = {location}});
  }
  return hits;
}

// A URI in proxy_pass replaces the matched part of the decoded and normalised path.
std::vector<Hit> normalized(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("proxy_pass")) {
    const std::string_view value = tree.at(id).arg(0);
    const Target target = target_of(value);
    if (target.uri.empty() || has_variable(value)) continue;
    const NodeId location = tree.enclosing(id, "location");
    if (location == kNone || tree.at(location).args.empty() || tree.at(location).arg(0) == "=")
      continue;
    // The whole path handed on under "/" is what nearly everybody means, and loses least.
    if (target.uri == "/" && tree.at(location).arg(0) != "/") continue;
    if (target.uri.size() > 1 && target.uri == tree.at(location).args.back().value) continue;
    hits.push_back({.node = id, .values = {{"uri", std::string(target.uri)}}});
  }
  return hits;
}

}  // namespace

std::span<const NamedDetector> upstream_detectors() {
  static constexpr NamedDetector kDetectors[] = {
      {"proxy-keepalive", keepalive},
      {"proxy-missing-host", missing_host},
      {"proxy-pass-normalized", normalized},
      {"proxy-pass-slash", proxy_slash},
      {"ssrf", ssrf},
      {"static-names", static_names},
      {"variable-without-resolver", variable_without_resolver},
  };
  return kDetectors;
}

}  // namespace ngxdiag::audit

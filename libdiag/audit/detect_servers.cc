// Servers: names that two of them claim, which one answers for the rest, what is never reached.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "libdiag/audit/detect_themes.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_listen.h"

namespace ngxdiag::audit {
namespace {

struct Listener {
  NodeId node, server;
  parse::Listen listen;
  std::string address;  // "0.0.0.0:443", "unix:/run/x", with "/udp" for QUIC
};

std::string key_of(const parse::Listen& listen) {
  std::string key = listen.unix_path.empty() ? listen.address + ":" + std::to_string(listen.port)
                                             : "unix:" + listen.unix_path;
  return listen.udp || listen.quic ? key + "/udp" : key;
}

bool is_http(const Tree& tree, NodeId id) {
  const std::string_view protocol = tree.protocol(id);
  return protocol == "http" || protocol.empty();
}

std::vector<NodeId> http_servers(const Tree& tree) {
  std::vector<NodeId> out;
  for (const NodeId id : tree.all("server"))
    if (tree.at(id).block && is_http(tree, id)) out.push_back(id);
  return out;
}

std::vector<Listener> listeners_of(const Tree& tree, NodeId server) {
  std::vector<Listener> out;
  for (const NodeId id : tree.children(server, "listen")) {
    Listener one{id, server, parse::parse_listen(tree.at(id).args), {}};
    one.address = key_of(one.listen);
    out.push_back(std::move(one));
  }
  if (out.empty()) {  // *:80 (ngx_http_core_server)
    Listener one{server, server, {}, {}};
    one.listen.address = "0.0.0.0";
    one.listen.port = one.listen.port_last = 80;
    one.address = key_of(one.listen);
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Listener> http_listeners(const Tree& tree) {
  std::vector<Listener> out;
  for (const NodeId server : http_servers(tree))
    for (Listener& one : listeners_of(tree, server)) out.push_back(std::move(one));
  return out;
}

struct Name {
  NodeId node;
  std::string text;
};
std::vector<Name> names_of(const Tree& tree, NodeId server) {
  std::vector<Name> out;
  for (const NodeId id : tree.children(server, "server_name"))
    for (const parse::ConfigArg& arg : tree.at(id).args)
      out.push_back({id, base::lower(arg.value)});
  if (out.empty()) out.push_back({server, ""});
  return out;
}

// "conflicting server name … ignored" (ngx_http_server_names): the first one wins.
std::vector<Hit> duplicate_names(const Context& context) {
  const Tree& tree = context.tree;
  std::unordered_map<std::string, NodeId> first;
  std::set<std::pair<NodeId, std::string>> told;
  std::vector<Hit> hits;
  for (const NodeId server : http_servers(tree)) {
    const auto listeners = listeners_of(tree, server);
    const auto names = names_of(tree, server);
    for (const Listener& listener : listeners)
      for (const Name& name : names) {
        // In a fragment a server without names may get one from an include that is not there.
        if (name.text.empty() && !tree.config().complete) continue;
        const auto [known, fresh] =
            first.try_emplace(listener.address + " " + name.text, name.node);
        if (fresh) continue;
        const NodeId other = known->second;
        const NodeId other_server = tree.at(other).name == "server" ? other : tree.parent(other);
        if (other_server == server) continue;
        if (!told.insert({server, name.text}).second) continue;
        hits.push_back({.node = name.node,
                        .values = {{"server_name", name.text.empty() ? "\"\" (none)" : name.text},
                                   {"address", listener.address}},
                        .related = {other}});
      }
  }
  return hits;
}

std::vector<Hit> no_default_server(const Context& context) {
  const Tree& tree = context.tree;
  // In a fragment the default may stand in another file.
  if (!tree.config().complete) return {};
  std::map<std::string, std::vector<Listener>> by_address;
  for (Listener& one : http_listeners(tree)) by_address[one.address].push_back(std::move(one));
  std::map<NodeId, std::vector<std::string>> first_server;
  std::map<NodeId, size_t> count;
  std::map<NodeId, NodeId> other;
  for (const auto& [address, all] : by_address) {
    std::set<NodeId> servers;
    bool flagged = false, catches = false;
    for (const Listener& one : all) {
      servers.insert(one.server);
      flagged = flagged || one.listen.default_server;
    }
    // A first server named "_" or "" is written to be the default.
    for (const Name& name : names_of(tree, all.front().server))
      catches = catches || name.text == "_" || name.text.empty();
    if (flagged || catches || servers.size() < 2) continue;
    const NodeId node = all.front().node;
    first_server[all.front().server].push_back(address);
    count[all.front().server] = std::max(count[all.front().server], servers.size());
    other[all.front().server] = node;
  }
  std::vector<Hit> hits;
  for (const auto& [server, addresses] : first_server)
    hits.push_back({.node = other[server],
                    .values = {{"addresses", base::join(addresses, ", ")},
                               {"count", std::to_string(count[server])}}});
  return hits;
}

std::vector<Hit> duplicate_default(const Context& context) {
  const Tree& tree = context.tree;
  std::unordered_map<std::string, Listener> first;
  std::vector<Hit> hits;
  for (Listener& one : http_listeners(tree)) {
    if (!one.listen.default_server) continue;
    const std::string address = one.address;
    const NodeId node = one.node;
    const auto [known, fresh] = first.try_emplace(address, std::move(one));
    if (!fresh && known->second.server != tree.parent(node))
      hits.push_back(
          {.node = node, .values = {{"address", address}}, .related = {known->second.node}});
  }
  return hits;
}

// Settings that nginx takes from the default server of the address alone, whatever name is asked
// for: OpenSSL has chosen protocol and session cache before it tells the name.
std::vector<Hit> ssl_split(const Context& context) {
  const Tree& tree = context.tree;
  std::map<std::string, std::vector<Listener>> by_address;
  for (Listener& one : http_listeners(tree))
    if (one.listen.ssl || one.listen.quic) by_address[one.address].push_back(std::move(one));
  std::set<std::pair<NodeId, std::string>> told;
  std::vector<Hit> hits;
  for (const auto& [address, all] : by_address) {
    const auto flagged = std::find_if(
        all.begin(), all.end(), [](const Listener& one) { return one.listen.default_server; });
    const Listener& leader = flagged == all.end() ? all.front() : *flagged;
    for (const std::string name :
         {"ssl_protocols", "ssl_session_cache", "ssl_session_tickets", "ssl_ecdh_curve"}) {
      const NodeId base_node = tree.effective(leader.server, name);
      if (base_node == kNone && !tree.whole(leader.server)) continue;
      const std::string base_value = base_node == kNone ? "" : joined_args(tree.at(base_node));
      for (const Listener& one : all) {
        const auto own = tree.children(one.server, name);
        if (one.server == leader.server || own.empty()) continue;
        const std::string value = joined_args(tree.at(own.back()));
        if (value == base_value || !told.insert({one.server, name}).second) continue;
        Hit hit{.node = own.back(),
                .values = {{"address", address},
                           {"leader", tree.server_name(leader.server).empty()
                                          ? "the first server"
                                          : tree.server_name(leader.server)},
                           {"leader_value", base_value.empty() ? "nginx's default" : base_value}},
                .related = {base_node == kNone ? leader.node : base_node}};
        hits.push_back(std::move(hit));
      }
    }
  }
  return hits;
}

// Port 443 that speaks plain HTTP.
std::vector<Hit> plain_443(const Context& context) {
  const Tree& tree = context.tree;
  std::set<std::string> with_ssl;
  const auto listeners = http_listeners(tree);
  for (const Listener& one : listeners)
    if (one.listen.ssl || one.listen.quic) with_ssl.insert(one.address);
  std::vector<Hit> hits;
  for (const Listener& one : listeners) {
    if (one.listen.port != 443 || one.listen.ssl || one.listen.quic) continue;
    // The flag belongs to the address: another server may have set it. `ssl on` did so once.
    if (with_ssl.count(one.address) > 0) continue;
    const NodeId on = tree.effective(one.server, "ssl");
    if (on != kNone && tree.at(on).arg(0) == "on") continue;
    if (one.listen.proxy_protocol || one.listen.address.starts_with("127.")) continue;
    hits.push_back({.node = one.node, .values = {{"address", one.address}}});
  }
  return hits;
}

std::vector<Hit> no_certificate(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId server : http_servers(tree)) {
    if (!tree.whole(server)) continue;
    const auto reject = tree.effective(server, "ssl_reject_handshake");
    if (reject != kNone && tree.at(reject).arg(0) == "on") continue;
    if (tree.effective(server, "ssl_certificate") != kNone ||
        !tree.children(server, "acme_certificate").empty() ||
        !tree.children(server, "ssl_certificate_by_lua_block").empty())
      continue;
    for (const Listener& one : listeners_of(tree, server))
      if (one.listen.ssl || one.listen.quic) {
        hits.push_back({.node = one.node, .values = {{"address", one.address}}});
        break;
      }
  }
  return hits;
}

// https is answered by a redirect to https, for ever.
std::vector<Hit> redirect_loop(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId server : http_servers(tree)) {
    bool tls = false;
    for (const Listener& one : listeners_of(tree, server))
      tls = tls || one.listen.ssl || one.listen.quic;
    if (!tls) continue;
    for (const NodeId id : tree.children(server, "return")) {
      const std::string_view target =
          tree.at(id).args.size() > 1 ? tree.at(id).arg(1) : tree.at(id).arg(0);
      const auto names = names_of(tree, server);
      bool same = false;
      for (const std::string_view host : {"$host", "$http_host"})
        for (const std::string_view rest : {"$request_uri", "$uri", "$uri$is_args$args", "/$1"})
          same = same || target == "https://" + std::string(host) + std::string(rest);
      if (names.size() == 1 && !names[0].text.empty())
        same = same || target == "https://$server_name$request_uri" ||
               target == "https://" + names[0].text + "$request_uri";
      if (same) hits.push_back({.node = id});
    }
  }
  return hits;
}

// A name that no Host header can be: with scheme, port or path.
std::vector<Hit> impossible_name(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId server : http_servers(tree))
    for (const Name& name : names_of(tree, server)) {
      if (name.text.empty() || name.text[0] == '~' || base::contains(name.text, "$")) continue;
      if (name.text.find_first_of("/:,") == std::string::npos) continue;
      std::string fixed = name.text;
      if (const size_t scheme = fixed.find("://"); scheme != std::string::npos)
        fixed.erase(0, scheme + 3);
      fixed.resize(std::min(fixed.size(), fixed.find_first_of("/:,")));
      hits.push_back({.node = name.node, .values = {{"server_name", name.text}, {"fixed", fixed}}});
    }
  return hits;
}

// Default server without a certificate of its own, HTTP/2, and no answer 421: a browser that reuses
// the connection of another name gets its content.
std::vector<Hit> misdirected(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("ssl_reject_handshake")) {
    const NodeId server = tree.parent(id);
    if (server == kTop || tree.at(server).name != "server" || tree.at(id).arg(0) != "on") continue;
    bool http2 = false, is_default = false;
    for (const Listener& one : listeners_of(tree, server)) {
      http2 = http2 || one.listen.http2;
      is_default = is_default || one.listen.default_server;
    }
    const NodeId on = tree.effective(server, "http2");
    http2 = http2 || (on != kNone && tree.at(on).arg(0) == "on");
    if (!http2 || !is_default || !tree.inside(server, "return").empty()) continue;
    hits.push_back({.node = id});
  }
  return hits;
}

bool serves_something(const Tree& tree, NodeId location) {
  for (const std::string_view name :
       {"proxy_pass", "fastcgi_pass", "uwsgi_pass", "root", "alias", "try_files", "return"})
    if (!tree.inside(location, name).empty()) return true;
  return false;
}

// return at server level runs before any location is looked for (the server rewrite phase).
std::vector<Hit> behind_return(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId server : http_servers(tree)) {
    const auto returns = tree.children(server, "return");
    if (returns.empty()) continue;
    for (const NodeId location : tree.children(server, "location")) {
      // A named location may still be reached by error_page.
      if (tree.at(location).arg(0).starts_with("@") || !serves_something(tree, location)) continue;
      if (!tree.children(server, "error_page").empty()) continue;
      const bool acme = base::contains(joined_args(tree.at(location)), "acme-challenge");
      hits.push_back({.node = location,
                      .values = {{"answer", text_of(tree.at(returns.front()))},
                                 {"acme", acme ? " Certificates cannot be renewed this way." : ""}},
                      .related = {returns.front()}});
    }
  }
  return hits;
}

// A second regular expression of the same text, or one behind an expression that takes everything.
std::vector<Hit> shadowed_regex(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  std::vector<NodeId> blocks = http_servers(tree);
  for (const NodeId block : blocks) {
    std::unordered_map<std::string, NodeId> seen;
    NodeId takes_all = kNone;
    for (const NodeId id : tree.children(block, "location")) {
      const parse::Directive& location = tree.at(id);
      if (location.args.size() != 2 || !location.arg(0).starts_with("~")) continue;
      const std::string_view text = location.arg(1);
      const auto [known, fresh] = seen.try_emplace(joined_args(location), id);
      const NodeId by = takes_all != kNone ? takes_all : fresh ? kNone : known->second;
      if (by != kNone)
        hits.push_back({.node = id,
                        .values = {{"answer", text_of(tree.at(by))}, {"acme", ""}},
                        .related = {by}});
      if (text == "/" || text == "^/" || text == ".*" || text == "^.*$" || text == "^/.*$" ||
          text == "^" || text == "^/(.*)$" || text == "^(.*)$" || text == "/.*")
        takes_all = id;
    }
  }
  return hits;
}

std::vector<Hit> unreachable(const Context& context) {
  std::vector<Hit> hits = behind_return(context);
  for (Hit& hit : shadowed_regex(context)) hits.push_back(std::move(hit));
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.node < b.node; });
  return hits;
}

bool serves_pages(const Tree& tree, NodeId server) {
  if (!tree.children(server, "return").empty()) return false;
  const auto reject = tree.effective(server, "ssl_reject_handshake");
  return reject == kNone || tree.at(reject).arg(0) != "on";
}

std::vector<Hit> hsts(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  const double least = context.param("least_seconds");
  for (const NodeId server : http_servers(tree)) {
    if (!tree.whole(server) || !serves_pages(tree, server)) continue;
    const auto listeners = listeners_of(tree, server);
    const auto tls = std::find_if(listeners.begin(), listeners.end(), [](const Listener& one) {
      return one.listen.ssl && !one.listen.address.starts_with("127.");
    });
    if (tls == listeners.end()) continue;
    bool found = false;
    const auto look = [&](std::span<const NodeId> ids) {
      for (const NodeId id : ids) {
        const std::string text = base::lower(joined_args(tree.at(id)));
        if (!base::contains(text, "strict-transport-security")) continue;
        found = true;
        const size_t at = text.find("max-age=");
        if (at == std::string::npos) continue;
        const size_t end = text.find_first_not_of("0123456789", at + 8);
        const auto age = base::parse_int(
            std::string_view(text).substr(at + 8, end == std::string::npos ? end : end - at - 8));
        if (age && static_cast<double>(*age) < least && *age > 0)
          hits.push_back(
              {.node = id, .values = {{"how", "max-age is " + std::to_string(*age) + " seconds"}}});
      }
    };
    for (const std::string_view name : {"add_header", "more_set_headers"}) {
      look(tree.effective_all(server, name));
      if (!found) look(tree.inside(server, name));
    }
    // An application may set it.
    const bool proxied = !tree.inside(server, "proxy_pass").empty();
    if (!found && !proxied)
      hits.push_back(
          {.node = tls->node, .values = {{"how", "no Strict-Transport-Security in this server"}}});
  }
  // One line above the servers is told once.
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.node < b.node; });
  hits.erase(std::unique(hits.begin(), hits.end(),
                         [](const Hit& a, const Hit& b) { return a.node == b.node; }),
             hits.end());
  return hits;
}

}  // namespace

std::span<const NamedDetector> server_detectors() {
  static constexpr NamedDetector kDetectors[] = {
      {"default-server-missing", no_default_server},
      {"duplicate-default-server", duplicate_default},
      {"duplicate-server-name", duplicate_names},
      {"hsts", hsts},
      {"misdirected-request", misdirected},
      {"plain-443", plain_443},
      {"redirect-loop", redirect_loop},
      {"server-name-impossible", impossible_name},
      {"ssl-split", ssl_split},
      {"tls-without-certificate", no_certificate},
      {"unreachable-location", unreachable},
  };
  return kDetectors;
}

}  // namespace ngxdiag::audit

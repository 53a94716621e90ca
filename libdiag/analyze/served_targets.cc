#include "libdiag/analyze/served_targets.h"

#include <algorithm>
#include <map>
#include <set>

#include "libdiag/base/text.h"

namespace ngxdiag::analyze {
namespace {

// A name as a client would send it in the handshake.
bool is_plain_host(std::string_view name) {
  if (name.empty() || name.front() == '.' || name.back() == '.' || name.size() > 253) return false;
  bool letter = false;
  for (const char c : name) {
    const bool alphabetic = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!alphabetic && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_') return false;
    letter = letter || alphabetic;
  }
  return letter;  // an address is no name for the handshake
}

bool set_on(const parse::Config& config, const parse::BlockPath& path, std::string_view name) {
  const parse::Directive* found = parse::effective(config, path, name);
  return found && found->arg() == "on";
}

std::string to_connect(const std::string& address) {
  if (address == "0.0.0.0" || address == "*") return "127.0.0.1";
  return address == "[::]" ? "[::1]" : address;
}

struct Server {
  const parse::Directive* block = nullptr;
  const parse::Directive* listen = nullptr;
  parse::BlockPath path;
  bool is_default = false;
};

std::vector<std::string> names_of(const parse::Directive& server) {
  std::vector<std::string> out;
  for (const parse::Directive* directive : parse::children_of(server, "server_name"))
    for (const parse::ConfigArg& arg : directive->args) out.push_back(base::lower(arg.value));
  return out;
}

}  // namespace

bool presents_tls(const parse::Config& config, const parse::Placed& server) {
  parse::BlockPath path = server.path;
  path.push_back(server.directive);
  if (set_on(config, path, "ssl_reject_handshake")) return false;
  if (set_on(config, path, "ssl")) return true;  // before 1.25.1
  for (const parse::Directive* listen : parse::children_of(*server.directive, "listen")) {
    const parse::Listen parsed = parse::parse_listen(listen->args);
    if (parsed.ssl || parsed.quic) return true;
  }
  return false;
}

std::vector<ServedTarget> served_targets(const parse::Config& config) {
  std::map<const parse::Directive*, parse::BlockPath> paths;
  for (const parse::Placed& server : parse::find_all(config, "server"))
    if (server.directive->block) paths[server.directive] = server.path;

  // A socket is TLS as soon as one of its listens says so; the first server is its default unless
  // another claims that.
  struct Socket {
    std::vector<Server> servers;
    bool ssl = false, proxy_protocol = false;
  };
  std::map<std::pair<std::string, int>, Socket> sockets;
  std::vector<std::pair<std::string, int>> order;
  for (const parse::Listen& listen : parse::listens(config)) {
    if (!listen.unix_path.empty() || listen.port == 0 || listen.port != listen.port_last ||
        listen.quic || listen.udp || !listen.server ||
        (listen.protocol != "http" && listen.protocol != "stream"))
      continue;
    const auto path = paths.find(listen.server);
    if (path == paths.end()) continue;
    const std::pair key{listen.address, listen.port};
    if (!sockets.count(key)) order.push_back(key);
    Socket& socket = sockets[key];
    parse::BlockPath inside = path->second;
    inside.push_back(listen.server);
    socket.ssl = socket.ssl || listen.ssl || set_on(config, inside, "ssl");
    socket.proxy_protocol = socket.proxy_protocol || listen.proxy_protocol;
    socket.servers.push_back(
        {listen.server, listen.where, std::move(inside), listen.default_server});
  }

  std::vector<ServedTarget> out;
  for (const auto& key : order) {
    const Socket& socket = sockets.at(key);
    if (!socket.ssl || socket.proxy_protocol || socket.servers.empty()) continue;
    // What listens on the address itself hides the wildcard from it.
    const std::string address = to_connect(key.first);
    if (address != key.first && sockets.count({address, key.second})) continue;
    const Server* first = &socket.servers.front();
    for (const Server& server : socket.servers)
      if (server.is_default) {
        first = &server;
        break;
      }
    std::set<std::string> taken;
    for (const Server& server : socket.servers) {
      std::string name;
      for (const std::string& candidate : names_of(*server.block)) {
        const bool is_new = taken.insert(candidate).second;
        if (name.empty() && is_new && is_plain_host(candidate) && candidate != "_")
          name = candidate;
      }
      if (name.empty() && &server != first) continue;
      if (set_on(config, server.path, "ssl_reject_handshake")) continue;
      ServedTarget target{address, key.second, name, {}, server.listen};
      target.certificates = parse::effective_all(config, server.path, "ssl_certificate");
      const bool varies =
          std::any_of(target.certificates.begin(), target.certificates.end(),
                      [](const parse::Directive* one) { return base::contains(one->arg(), "$"); });
      if (!varies && !target.certificates.empty()) out.push_back(std::move(target));
    }
  }
  return out;
}

}  // namespace ngxdiag::analyze

#include "libdiag/analyze/name_servers.h"

#include <algorithm>

#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_query.h"

namespace ngxdiag::analyze {
namespace {

using model::SourceRef;
using model::Unit;

constexpr int kDns = 53;

constexpr model::FactSpec kSpecs[] = {
    {"dns.nameservers", Unit::kNone, "name servers of /etc/resolv.conf"},
    {"dns.none", Unit::kNone, "/etc/resolv.conf names no name server"},
    {"dns.dead", Unit::kNone,
     "name servers of /etc/resolv.conf on this host at which nothing listens"},
    {"dns.all_dead", Unit::kNone, "that holds for every one of them"},
    {"dns.resolvers", Unit::kNone, "addresses of nginx's resolver directives"},
    {"dns.dead_resolvers", Unit::kNone, "those of them on this host at which nothing listens"},
};

// The address of "127.0.0.53", "127.0.0.1:53", "[::1]" or "::1"; "" with another port than DNS's,
// because tables of sockets are only asked for that one.
std::string address_of(std::string_view text) {
  const size_t colon = text.rfind(':');
  const bool six = text.starts_with('[');
  if (colon == std::string_view::npos || (six && text.ends_with(']'))) return std::string(text);
  if (!six && text.find(':') != colon) return "[" + std::string(text) + "]";
  if (base::parse_int(text.substr(colon + 1)) != kDns) return {};
  return std::string(text.substr(0, colon));
}

// Docker answers on 127.0.0.11 through a rule of its own: nothing is seen to listen there.
bool is_loopback(std::string_view address) {
  return (address.starts_with("127.") && address != "127.0.0.11") || address == "[::1]";
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  // Who answers names shows only in a table that has UDP's sockets as well.
  const bool table = digest.udp_sockets_seen;
  const auto is_dead = [&](const std::string& server) {
    const std::string address = address_of(server);
    return is_loopback(address) &&
           std::none_of(digest.sockets.begin(), digest.sockets.end(), [&](const SocketRecord& one) {
             return one.socket.port == kDns &&
                    parse::addresses_overlap(one.socket.address, address);
           });
  };
  for (const ResolvConfFile& file : digest.resolv_confs) {
    const auto& servers = file.conf.nameservers;
    facts.put("dns.nameservers", servers, file.ref);
    facts.put("dns.none", servers.empty(), file.ref);
    if (!table) continue;
    std::vector<std::string> dead;
    std::copy_if(servers.begin(), servers.end(), std::back_inserter(dead), is_dead);
    facts.put("dns.all_dead", !servers.empty() && dead.size() == servers.size(), file.ref);
    facts.put("dns.dead", std::move(dead), file.ref);
  }
  std::vector<std::string> resolvers, dead;
  std::vector<SourceRef> refs, dead_refs;
  for (const ConfigPiece& piece : digest.configs)
    for (const parse::Placed& placed : parse::find_all(piece.config, "resolver")) {
      const parse::Directive& directive = *placed.directive;
      SourceRef ref{"config", directive.file.empty() ? piece.ref.path : directive.file,
                    directive.line};
      for (const parse::ConfigArg& arg : directive.args) {
        const std::string& server = arg.value;
        if (base::contains(server, "=") || base::contains(server, "$") ||
            std::find(resolvers.begin(), resolvers.end(), server) != resolvers.end())
          continue;
        ref.excerpt = base::shorten("resolver " + server, model::kExcerptBytes);
        resolvers.push_back(server);
        refs.push_back(ref);
        if (!table || !is_dead(server)) continue;
        dead.push_back(server);
        dead_refs.push_back(ref);
      }
    }
  if (resolvers.empty()) return;
  facts.put("dns.resolvers", resolvers, refs);
  if (table) facts.put("dns.dead_resolvers", dead, dead_refs.empty() ? refs : dead_refs);
}

}  // namespace

const Analyzer kNameServers = {"name_servers", "Can names be resolved here?", kSpecs,
                               std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

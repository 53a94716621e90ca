#include "libdiag/analyze/sockets.h"

#include <algorithm>
#include <set>

#include "libdiag/base/text.h"
#include "libdiag/parse/nginx_config_listen.h"

namespace ngxdiag::analyze {
namespace {

using model::SourceRef;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"sockets.seen", Unit::kNone, "a table of sockets was looked at"},
    {"sockets.listeners", Unit::kCount, "listening TCP sockets in it"},
    {"sockets.owners_seen", Unit::kNone, "it says which programs hold them"},
    {"sockets.taken", Unit::kNone,
     "ports that the configuration listens on and another program holds, with its name and pid"},
    {"sockets.taken_by", Unit::kNone, "the names of these programs"},
    {"sockets.taken_pids", Unit::kNone, "their pids"},
    {"sockets.other_nginx", Unit::kNone,
     "ports of the configuration that an nginx of another master holds"},
    {"sockets.unheld", Unit::kNone,
     "ports that the configuration listens on and nobody holds, though nginx runs"},
    {"sockets.bind_holders", Unit::kNone,
     "who holds the ports that nginx could not bind; empty when nobody else does"},
    {"sockets.time_wait", Unit::kCount, "connections in TIME-WAIT"},
    {"sockets.time_wait_peer", Unit::kNone, "the address and port that most of them went to"},
    {"sockets.time_wait_peer_count", Unit::kCount, "how many of them"},
    {"sockets.local_ports", Unit::kCount, "local ports that outgoing connections may use"},
    {"sockets.local_ports_used", Unit::kPercent,
     "share of them that connections in TIME-WAIT to that one address hold"},
};

bool is_nginx(std::string_view program) {
  for (const std::string_view name : {"nginx", "openresty", "angie", "tengine", "freenginx"})
    if (program.starts_with(name)) return true;
  return false;
}

std::string shown(const parse::SocketOwner& owner) {
  return owner.program + (owner.pid ? " (pid " + std::to_string(owner.pid) + ")" : "");
}

struct Found {
  std::vector<std::string> says;
  std::vector<SourceRef> refs;
  void add(std::string text, const SourceRef& ref) {
    if (std::find(says.begin(), says.end(), text) != says.end()) return;
    says.push_back(base::shorten(text, model::kExcerptBytes));
    refs.push_back(ref);
  }
};

class Sockets {
 public:
  Sockets(const AnalyzerInput& in, model::FactSink& facts)
      : in_(in),
        digest_(in.digest),
        facts_(facts),
        looked_(in.digest.seen.at(model::Kind::kSockets)) {}

  void run() {
    facts_.put("sockets.seen", true, looked_);
    const auto tcp = std::count_if(digest_.sockets.begin(), digest_.sockets.end(),
                                   [](const SocketRecord& one) { return !one.socket.udp; });
    facts_.put("sockets.listeners", static_cast<int64_t>(tcp), looked_);
    owners_seen_ = std::any_of(digest_.sockets.begin(), digest_.sockets.end(),
                               [](const SocketRecord& one) { return !one.socket.owners.empty(); });
    facts_.put("sockets.owners_seen", owners_seen_, looked_);
    if (tcp > 0) {
      wanted_ports();
      refused_binds();
    }
    local_ports();
  }

 private:
  void put(std::string_view name, const Found& found) {
    facts_.put(name, found.says, found.refs.empty() ? std::vector{looked_} : found.refs);
  }

  // The rows of that port, of whatever address overlaps.
  std::vector<const SocketRecord*> rows(std::string_view address, int64_t port) const {
    std::vector<const SocketRecord*> out;
    for (const SocketRecord& one : digest_.sockets)
      if (!one.socket.udp && one.socket.port == port &&
          parse::addresses_overlap(one.socket.address, address))
        out.push_back(&one);
    return out;
  }

  bool ours(const parse::SocketOwner& owner) const {
    if (!is_nginx(owner.program)) return false;
    const auto& processes = in_.instance.processes;
    return owner.pid == 0 || processes.empty() ||
           std::any_of(processes.begin(), processes.end(),
                       [&](const model::Process& p) { return p.pid == owner.pid; });
  }

  // Rows without an owner may be anybody's.
  bool may_be_ours(const SocketRecord& row) const {
    const auto& owners = row.socket.owners;
    return owners.empty() || std::any_of(owners.begin(), owners.end(),
                                         [&](const auto& owner) { return ours(owner); });
  }

  // Every listen of a whole configuration against the table.
  void wanted_ports() {
    Found taken, names, pids, other, unheld;
    std::set<std::pair<std::string, int>> seen;
    bool complete = false;
    for (const ConfigPiece& piece : digest_.configs) {
      complete = complete || piece.config.complete;
      for (const parse::Listen& listen : parse::listens(piece.config)) {
        if (!listen.unix_path.empty() || listen.port == 0 || listen.udp || listen.quic ||
            listen.port != listen.port_last || !seen.insert({listen.address, listen.port}).second)
          continue;
        const auto held = rows(listen.address, listen.port);
        const std::string label = listen.address + ":" + std::to_string(listen.port);
        if (held.empty()) unheld.add(label, looked_);
        if (std::any_of(held.begin(), held.end(),
                        [&](const auto* row) { return may_be_ours(*row); }))
          continue;
        for (const SocketRecord* row : held)
          for (const parse::SocketOwner& owner : row->socket.owners) {
            (is_nginx(owner.program) ? other : taken).add(label + " by " + shown(owner), row->ref);
            if (is_nginx(owner.program)) continue;
            names.add(owner.program, row->ref);
            if (owner.pid) pids.add(std::to_string(owner.pid), row->ref);
          }
      }
    }
    if (!complete) return;
    if (owners_seen_) {
      put("sockets.taken", taken);
      put("sockets.taken_by", names);
      put("sockets.taken_pids", pids);
      put("sockets.other_nginx", other);
    }
    // A table that was pasted may be cut; the kernel's own is whole.
    if (in_.evidence.live && in_.instance.master_pid) put("sockets.unheld", unheld);
  }

  // "bind() to 0.0.0.0:80 failed (98: Address already in use)"
  void refused_binds() {
    if (!owners_seen_) return;
    Found holders;
    bool any = false;
    for (const Trouble& trouble : digest_.troubles) {
      constexpr std::string_view kBind = "bind() to ";
      const size_t at = trouble.message.find(kBind);
      if (at == std::string::npos || !base::contains(trouble.message, " failed (")) continue;
      std::string_view place = std::string_view(trouble.message).substr(at + kBind.size());
      place = place.substr(0, place.find(' '));
      const size_t colon = place.rfind(':');
      if (colon == std::string_view::npos) continue;
      const auto port = base::parse_int(place.substr(colon + 1));
      if (!port) continue;
      any = true;
      for (const SocketRecord* row : rows(place.substr(0, colon), *port))
        for (const parse::SocketOwner& owner : row->socket.owners)
          if (!is_nginx(owner.program))
            holders.add(std::string(place) + " by " + shown(owner), row->ref);
    }
    if (any) put("sockets.bind_holders", holders);
  }

  // A port is free again for the same destination after a minute in TIME-WAIT (net/ipv4/tcp.h,
  // TCP_TIMEWAIT_LEN), so what counts is how many went to one address and port.
  void local_ports() {
    int64_t total = digest_.time_wait_total.value_or(0), most = 0;
    std::string peer;
    for (const auto& [name, count] : digest_.time_wait) {
      if (!digest_.time_wait_total) total += count;
      if (count <= most) continue;
      most = count;
      peer = name;
    }
    if (!digest_.time_wait_total && digest_.time_wait.empty()) return;
    const std::vector<SourceRef> at{digest_.time_wait_ref};
    facts_.put("sockets.time_wait", total, at);
    if (most > 0) {
      facts_.put("sockets.time_wait_peer", peer, at);
      facts_.put("sockets.time_wait_peer_count", most, at);
    }
    if (!digest_.local_ports) return;
    facts_.put("sockets.local_ports", *digest_.local_ports, at);
    facts_.put("sockets.local_ports_used", most * 100 / std::max<int64_t>(*digest_.local_ports, 1),
               at);
  }

  const AnalyzerInput& in_;
  const Digest& digest_;
  model::FactSink& facts_;
  SourceRef looked_;
  bool owners_seen_ = false;
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  if (in.digest.seen.count(model::Kind::kSockets)) Sockets(in, facts).run();
}

}  // namespace

const Analyzer kSockets = {"sockets",
                           "Who holds the ports that nginx wants, and do local ports run out?",
                           kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

#include "libdiag/analyze/firewall.h"

#include <algorithm>
#include <set>

#include "libdiag/parse/nginx_config_listen.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"firewall.seen", Unit::kNone, "rules of a packet filter were looked at"},
    {"firewall.tool", Unit::kNone, "nft, iptables, ufw or firewalld"},
    {"firewall.closed", Unit::kNone,
     "of 80 and 443, as far as nginx listens there: the ports that these rules surely do not let "
     "in"},
};

// Of 80 and 443, those that nginx listens on for others; both when no configuration tells.
std::set<int> wanted(const Digest& digest) {
  std::set<int> out;
  bool complete = false;
  for (const ConfigPiece& piece : digest.configs) {
    complete = complete || piece.config.complete;
    for (const parse::Listen& listen : parse::listens(piece.config))
      if ((listen.port == 80 || listen.port == 443) && !listen.address.starts_with("127."))
        out.insert(listen.port);
  }
  return complete ? out : std::set<int>{80, 443};
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const std::set<int> ports = wanted(in.digest);
  std::vector<std::string> closed;
  std::vector<model::SourceRef> looked, refs;
  std::string tool;
  for (const FirewallRules& rules : in.digest.firewalls) {
    if (rules.firewall.tool.empty() || rules.firewall.inactive) continue;
    if (tool.empty()) tool = rules.firewall.tool;
    looked.push_back(rules.ref);
    for (const int port : ports) {
      const std::string name = std::to_string(port);
      if (!rules.firewall.closes(port) ||
          std::find(closed.begin(), closed.end(), name) != closed.end())
        continue;
      closed.push_back(name);
      refs.push_back(rules.ref);
    }
  }
  if (looked.empty()) return;
  facts.put("firewall.seen", true, looked);
  facts.put("firewall.tool", tool, looked);
  facts.put("firewall.closed", closed, refs.empty() ? looked : refs);
}

}  // namespace

const Analyzer kFirewall = {"firewall", "Does the packet filter let the web's ports in?", kSpecs,
                            std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

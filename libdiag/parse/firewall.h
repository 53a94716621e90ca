// Does a packet filter let the web's ports in? What `nft list ruleset`, `iptables-save`,
// `iptables -L` or `-S`, `ufw status`, `firewall-cmd --list-all` print, and the files behind them.
//   -A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT
//   tcp dport { 22, 80 } accept
//   80/tcp                     ALLOW       Anywhere
// It errs towards open: a rule that may let a port in, from whatever chain, counts as doing so.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ngxdiag::parse {

struct Firewall {
  std::string tool;             // "nft", "iptables", "ufw", "firewalld"; "" when it is none of them
  bool refuses = false;         // what no rule lets in is dropped or rejected
  bool opaque = false;          // sets, verdict maps, zones: more may be let in than was understood
  bool inactive = false;        // "Status: inactive", ENABLED=no
  std::set<int> open, refused;  // of 80 and 443: let in by some rule, refused by one of its own

  // Surely not let in.
  bool closes(int port) const {
    return !inactive && !open.count(port) && (refused.count(port) || (refuses && !opaque));
  }
};

// Any bytes.
Firewall parse_firewall(std::string_view text);

}  // namespace ngxdiag::parse

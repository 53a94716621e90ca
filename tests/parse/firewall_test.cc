#include "libdiag/parse/firewall.h"

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

namespace {

// Which of 80 and 443 are surely closed.
std::string closed(std::string_view text) {
  const Firewall found = parse_firewall(text);
  return std::string(found.closes(80) ? "80 " : "") + (found.closes(443) ? "443" : "");
}

}  // namespace

TEST_CASE("iptables-save and iptables -S") {
  const std::string head = "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n";
  CHECK(closed(head + "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n") == "80 443");
  CHECK(closed(head + "-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT\nCOMMIT\n").empty());
  CHECK(closed(head + "-A INPUT -p tcp --dport 443 -j ACCEPT\n") == "80 ");
  CHECK(closed(":INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 443 -j ACCEPT\n"
               "-A INPUT -j REJECT --reject-with icmp-host-prohibited\n") == "80 ");
  CHECK(closed("-P INPUT ACCEPT\n-A INPUT -p tcp --dport 80 -j DROP\n") == "80 ");
  CHECK(closed("-P INPUT ACCEPT\n-A INPUT -s 192.0.2.0/24 -p tcp --dport 80 -j DROP\n").empty());
  CHECK(closed("*nat\n:INPUT DROP [0:0]\n-A PREROUTING -p tcp --dport 80 -j REDIRECT\nCOMMIT\n")
            .empty());
  CHECK(closed(head + "-A INPUT -j ufw-user-input\n-A ufw-user-input -p tcp --dport 80 -j ACCEPT\n"
                      "-A ufw-user-input -p tcp --dport 443 -j ACCEPT\n")
            .empty());
}

TEST_CASE("iptables -L") {
  CHECK(closed("Chain INPUT (policy DROP)\ntarget prot opt source destination\n"
               "ACCEPT tcp -- anywhere anywhere tcp dpt:https\n") == "80 ");
  CHECK(closed("Chain INPUT (policy ACCEPT)\n").empty());
}

TEST_CASE("nft") {
  const std::string head =
      "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy "
      "drop;\n\t\tct state established,related accept\n";
  CHECK(closed(head + "\t\ttcp dport 22 accept\n\t}\n}\n") == "80 443");
  CHECK(closed(head + "\t\ttcp dport { 22, 80, 443 } accept\n\t}\n}\n").empty());
  CHECK(closed(head + "\t\ttcp dport { http, https } ct state new accept\n\t}\n}\n").empty());
  CHECK(closed(head + "\t\ttcp dport @open accept\n\t}\n}\n").empty());
  CHECK(closed("table inet filter {\n chain input {\n  type filter hook input priority 0; policy "
               "accept;\n }\n chain forward {\n  type filter hook forward priority 0; policy "
               "drop;\n }\n}\n")
            .empty());
}

TEST_CASE("ufw and firewalld") {
  CHECK(closed("Status: active\n\nTo Action From\n22/tcp ALLOW Anywhere\n") == "80 443");
  CHECK(closed("Status: active\nNginx Full ALLOW Anywhere\n").empty());
  CHECK(closed("Status: active\n80,443/tcp ALLOW IN Anywhere\n").empty());
  CHECK(closed("Status: active\n443/tcp ALLOW Anywhere\n") == "80 ");
  CHECK(closed("Status: inactive\n").empty());
  CHECK(closed("ENABLED=no\n:INPUT DROP [0:0]\n").empty());
  CHECK(closed("public (active)\n  services: dhcpv6-client ssh https\n  ports: 8080/tcp\n") ==
        "80 ");
  CHECK(closed("<zone>\n  <service name=\"ssh\"/>\n  <service name=\"http\"/>\n</zone>\n") ==
        "443");
}

TEST_CASE("text that is no firewall closes nothing") {
  CHECK(closed("").empty());
  CHECK(parse_firewall("server { listen 80; }\nChain of thoughts\n").closes(80) == false);
  CHECK(closed("-A\n-P INPUT\n:INPUT\ndport\nchain\n").empty());
}

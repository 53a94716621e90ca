#include "libdiag/analyze/firewall.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

constexpr const char* kUfw =
    "Status: active\n\nTo                         Action      From\n"
    "--                         ------      ----\n"
    "443/tcp                    ALLOW       Anywhere\n";

Names closed(const char* rules, const char* conf =
                                    "events {}\nhttp { server { listen 80; listen "
                                    "443 ssl; } }\n") {
  Scene scene;
  return list(scene.with("nginx.conf", conf).with("paste.txt", rules).facts(), "firewall.closed");
}

}  // namespace

TEST_CASE("a port that nginx listens on and the filter does not let in") {
  CHECK(closed(kUfw) == Names{"80"});
}

TEST_CASE("a port that nginx does not want may be closed") {
  CHECK(closed(kUfw, "events {}\nhttp { server { listen 127.0.0.1:80; } }\n").empty());
}

TEST_CASE("rules as nft and iptables print them are recognised") {
  CHECK(closed("table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; "
               "policy drop;\n\t\ttcp dport 22 accept\n\t}\n}\n") == Names{"80", "443"});
  CHECK(closed("*filter\n:INPUT DROP [0:0]\n:OUTPUT ACCEPT [1:60]\n"
               "-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT\nCOMMIT\n") == Names{"80"});
}

TEST_CASE("no rules in force, no fact") {
  CHECK(closed("Status: inactive\n") == Names{"(unknown)"});
}

#include "libdiag/analyze/name_servers.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

using model::Kind;

constexpr const char* kStub = "nameserver 127.0.0.53\noptions edns0\n";
constexpr const char* kTable =
    "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"
    "udp UNCONN 0 0 127.0.0.1:323 0.0.0.0:*\n";

}  // namespace

TEST_CASE("a name server on this host at which nothing listens") {
  Scene scene;
  const auto facts =
      scene.with("/etc/resolv.conf", kStub, Kind::kResolvConf)
          .with("ss.txt", kTable)
          .with("nginx.conf", "events {}\nhttp { resolver 127.0.0.1 192.0.2.53 valid=30s; }\n")
          .facts();
  CHECK(list(facts, "dns.dead") == Names{"127.0.0.53"});
  CHECK(facts.number("dns.all_dead") == 1);
  CHECK(list(facts, "dns.resolvers") == Names{"127.0.0.1", "192.0.2.53"});
  CHECK(list(facts, "dns.dead_resolvers") == Names{"127.0.0.1"});
}

TEST_CASE("a stub that listens, docker's own, and a server elsewhere are not called dead") {
  Scene scene;
  const auto facts =
      scene
          .with("/etc/resolv.conf",
                std::string(kStub) + "nameserver 127.0.0.11\nnameserver 192.0.2.1\n",
                Kind::kResolvConf)
          .with("ss.txt", std::string(kTable) +
                              "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* "
                              "users:((\"x\",pid=1,fd=2))\n")
          .with("nginx.conf", "events {}\nhttp { resolver 127.0.0.1:8053 [::1]:8053; }\n")
          .facts();
  CHECK(list(facts, "dns.dead").empty());
  CHECK(list(facts, "dns.dead_resolvers").empty());
}

TEST_CASE("a table of TCP alone does not tell") {
  Scene scene;
  const auto facts = scene.with("/etc/resolv.conf", kStub, Kind::kResolvConf)
                         .with("ss.txt", "State  Recv-Q Send-Q\nLISTEN 0 1 0.0.0.0:80 0.0.0.0:*\n")
                         .facts();
  CHECK(list(facts, "dns.nameservers") == Names{"127.0.0.53"});
  CHECK(facts.find("dns.dead") == nullptr);
}

TEST_CASE("no name server at all") {
  Scene scene;
  const auto facts =
      scene.with("/etc/resolv.conf", "search a.example\n", Kind::kResolvConf).facts();
  CHECK(facts.number("dns.none") == 1);
}

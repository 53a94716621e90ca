#include "libdiag/parse/sockets.h"

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

namespace {

std::string shown(std::string_view line) {
  const auto found = parse_socket_line(line);
  if (!found) return "none";
  std::string out = found->address + ":" + std::to_string(found->port) + (found->udp ? " udp" : "");
  for (const SocketOwner& owner : found->owners)
    out += " " + owner.program + "/" + std::to_string(owner.pid);
  if (found->count) out += " x" + std::to_string(found->count);
  return out;
}

}  // namespace

TEST_CASE("ss") {
  CHECK(shown("LISTEN 0      511          0.0.0.0:443        0.0.0.0:*    "
              "users:((\"nginx\",pid=812,fd=6),(\"nginx\",pid=811,fd=6))") ==
        "0.0.0.0:443 nginx/812 nginx/811");
  CHECK(shown("tcp   LISTEN 0      4096   127.0.0.53%lo:53        0.0.0.0:*") == "127.0.0.53:53");
  CHECK(
      shown("udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:((\"systemd-resolve\",pid=5,fd=1))") ==
      "127.0.0.53:53 udp systemd-resolve/5");
  CHECK(shown("LISTEN 0 128 :::80 :::* users:((\"apache2\",1234,4))") == "[::]:80 apache2/1234");
  CHECK(shown("TIME-WAIT 0 0 10.0.0.1:44556 10.0.0.2:8080") == "10.0.0.2:8080 x1");
  CHECK(shown("ESTAB 0 0 10.0.0.1:44556 10.0.0.2:8080") == "none");
  CHECK(shown("State Recv-Q Send-Q Local Address:Port Peer Address:Port Process") == "none");
}

TEST_CASE("netstat and lsof") {
  CHECK(shown("tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN      "
              "1234/nginx: master") == "0.0.0.0:80 nginx/1234");
  CHECK(shown("tcp6       0      0 :::443                  :::*                    LISTEN      "
              "77/docker-proxy") == "[::]:443 docker-proxy/77");
  CHECK(shown("udp 0 0 127.0.0.53:53 0.0.0.0:* 533/systemd-resolve") ==
        "127.0.0.53:53 udp systemd-resolve/533");
  CHECK(shown("apache2 1234 root 4u IPv6 23456 0t0 TCP *:https (LISTEN)") == "*:443 apache2/1234");
  CHECK(shown("tcp 0 0 10.0.0.1:40000 10.0.0.2:9000 TIME_WAIT -") == "10.0.0.2:9000 x1");
}

TEST_CASE("sums") {
  CHECK(shown("TCP: inuse 5 orphan 0 tw 28000 alloc 7 mem 1") == ":0 x28000");
  CHECK(shown("TCP:   28931 (estab 1200, closed 27500, orphaned 0, timewait 27400)") ==
        ":0 x27400");
  CHECK(shown("  28000 TIME-WAIT 127.0.0.1:8080") == "127.0.0.1:8080 x28000");
  const auto range = parse_socket_line("net.ipv4.ip_local_port_range = 32768\t60999");
  REQUIRE(range);
  CHECK(range->first == 32768);
  CHECK(range->last == 60999);
}

TEST_CASE("no bytes are a socket by accident") {
  for (const char* line : {"", " ", "LISTEN", "LISTEN 0 0 : :", "tcp 0 0 x y LISTEN -",
                           "LISTEN 0 1 0.0.0.0:99999 0.0.0.0:*", "1 TIME-WAIT x",
                           "net.ipv4.ip_local_port_range = 9", "a b c d e f g h (LISTEN)"})
    CHECK_MESSAGE(shown(line) == "none", line);
}

TEST_CASE("addresses that want the same packets") {
  CHECK(addresses_overlap("0.0.0.0", "192.0.2.1"));
  CHECK(addresses_overlap("[::]", "0.0.0.0"));
  CHECK(addresses_overlap("*", "[::1]"));
  CHECK_FALSE(addresses_overlap("0.0.0.0", "[::1]"));
  CHECK_FALSE(addresses_overlap("127.0.0.1", "192.0.2.1"));
}

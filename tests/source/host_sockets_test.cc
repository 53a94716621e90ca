#include "libdiag/source/host_sockets.h"

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"
#include "tests/source/tree.h"

using namespace ngxdiag::source;

namespace {

const char* const kHead =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n";

std::string text_of(const std::optional<Document>& document) {
  ngxdiag::model::Gap gap;
  return document ? read_some(*document->open(gap), 1u << 16) : "none";
}

}  // namespace

TEST_CASE("addresses of the kernel's tables") {
  CHECK(address_of_hex("00000000") == "0.0.0.0");
  CHECK(address_of_hex("0100007F") == "127.0.0.1");
  CHECK(address_of_hex("00000000000000000000000001000000") == "[::1]");
  CHECK(address_of_hex("0100").empty());
  CHECK(address_of_hex("0100007G").empty());
}

TEST_CASE("listeners with their owners, and sums of TIME-WAIT") {
  const tree::Temporary dir;
  std::string tcp = kHead;
  tcp += "   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 77 1\n";
  tcp += "   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 78 1\n";
  for (int i = 0; i < 150; ++i)
    tcp += "   2: 0100007F:9C40 0200000A:1F90 06 00000000:00000000 00:00000000 00000000 0 0 0 1\n";
  dir.write("proc/net/tcp", tcp);
  dir.write("proc/net/udp",
            std::string(kHead) +
                "   3: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 101 0 "
                "79 2\n");
  dir.write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
  dir.write("proc/812/comm", "apache2\n");
  dir.link("proc/812/fd/4", "socket:[77]");
  dir.link("proc/812/fd/5", "/dev/null");
  const std::string text = text_of(socket_table(dir / "proc", dir / "proc", true));
  CHECK(text.find("tcp LISTEN 0 0 0.0.0.0:443 0.0.0.0:* users:((\"apache2\",pid=812,fd=4))\n") !=
        std::string::npos);
  CHECK(text.find("tcp LISTEN 0 0 127.0.0.1:8080 0.0.0.0:*\n") != std::string::npos);
  CHECK(text.find("udp UNCONN 0 0 127.0.0.53:53 0.0.0.0:*\n") != std::string::npos);
  CHECK(text.find("150 TIME-WAIT 10.0.0.2:8080\nTCP: tw 150\n") != std::string::npos);
  CHECK(text.find("net.ipv4.ip_local_port_range = 32768\t60999\n") != std::string::npos);
}

TEST_CASE("no table, no document") {
  const tree::Temporary dir;
  CHECK_FALSE(socket_table(dir.path(), dir.path(), true));
}

#include "libdiag/source/tls_probe.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

using namespace ngxdiag;
using namespace ngxdiag::source;

namespace {

// A listening socket that never answers: the kernel completes the connection, nobody reads.
struct Silent {
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  int port = 0;
  explicit Silent(bool listening = true) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    if (listening) REQUIRE(::listen(fd, 64) == 0);
  }
  ~Silent() { ::close(fd); }
};

}  // namespace

TEST_CASE("addresses of other machines are not this host's") {
  CHECK(is_local_address("127.0.0.1"));
  CHECK(is_local_address("127.8.0.1"));
  CHECK(is_local_address("[::1]"));
  CHECK_FALSE(is_local_address("192.0.2.1"));
  CHECK_FALSE(is_local_address("[2001:db8::1]"));
  CHECK_FALSE(is_local_address("localhost"));
  CHECK_FALSE(is_local_address(""));
  const auto refused = probe_tls({{"192.0.2.1", 443, "example.org"}});
  REQUIRE(refused.size() == 1);
  CHECK_FALSE(refused[0].bytes);
  CHECK(refused[0].gap.why == "is no address of this host");
}

TEST_CASE("a closed port and an impossible one are gaps") {
  const Silent closed(false);
  const auto found = probe_tls({{"127.0.0.1", closed.port, ""}, {"127.0.0.1", 0, ""}});
  REQUIRE(found.size() == 2);
  CHECK_FALSE(found[0].bytes);
  CHECK(found[0].gap.why == "Connection refused");
  CHECK(found[0].gap.what == "certificate served at 127.0.0.1:" + std::to_string(closed.port));
  CHECK_FALSE(found[1].bytes);
}

TEST_CASE("a socket that does not answer costs a bounded time, whatever is asked of it") {
  const Silent silent;
  std::vector<TlsTarget> targets;
  for (int i = 0; i < 100; ++i)
    targets.push_back({"127.0.0.1", silent.port, "host" + std::to_string(i) + ".example.org"});
  const auto begin = std::chrono::steady_clock::now();
  const auto found = probe_tls(targets);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(1500));
  REQUIRE(found.size() == 100);
  CHECK(found[0].gap.why == "no answer in time");
  CHECK(found[99].gap.why == "the socket does not answer");
}

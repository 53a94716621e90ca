#include "libdiag/parse/nginx_config_listen.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag::parse;

namespace {

Listen one(std::string_view text) {
  const Config config = parse_config_fragment(text);
  return parse_listen(config.directives.at(0).args);
}

std::string address(std::string_view text) {
  const Listen listen = one("listen " + std::string(text) + ";");
  if (!listen.unix_path.empty()) return "unix:" + listen.unix_path;
  return listen.address + " " + std::to_string(listen.port) + "-" +
         std::to_string(listen.port_last);
}

}  // namespace

TEST_CASE("addresses and ports") {
  CHECK(address("80") == "0.0.0.0 80-80");
  CHECK(address("*:8080") == "0.0.0.0 8080-8080");
  CHECK(address("127.0.0.1") == "127.0.0.1 80-80");
  CHECK(address("127.0.0.1:8000") == "127.0.0.1 8000-8000");
  CHECK(address("localhost:8000") == "localhost 8000-8000");
  CHECK(address("[::]:443") == "[::] 443-443");
  CHECK(address("[::1]") == "[::1] 80-80");
  CHECK(address("8000-8010") == "0.0.0.0 8000-8010");
  CHECK(address("10.0.0.1:8000-8010") == "10.0.0.1 8000-8010");
  CHECK(address("unix:/run/a.sock") == "unix:/run/a.sock");
  CHECK(address("99999") == "0.0.0.0 0-0");
  CHECK(address("$x:y") == "$x 0-0");
}

TEST_CASE("options") {
  const Listen listen = one("listen 443 ssl http2 default_server reuseport backlog=511;");
  CHECK(listen.ssl);
  CHECK(listen.http2);
  CHECK(listen.default_server);
  CHECK(listen.reuseport);
  CHECK_FALSE(listen.udp);
  CHECK(listen.options.back() == "backlog=511");
  CHECK(one("listen 443 quic;").udp);
  CHECK(one("listen;").port == 0);
}

TEST_CASE("all listens of a configuration, with implicit ones") {
  const Config config = parse_config_fragment(
      "http { server { listen 1; listen 2; } server { root /a; } upstream u { server a; } }\n"
      "stream { server { listen 3 udp; } server { proxy_pass a; } }\nserver { root /b; }");
  const auto found = listens(config);
  REQUIRE(found.size() == 4);
  CHECK(found[1].port == 2);
  CHECK(found[1].protocol == "http");
  CHECK(found[1].server == found[0].server);
  CHECK(found[2].implicit);
  CHECK(found[2].port == 80);
  CHECK(found[3].protocol == "stream");
  CHECK(found[3].udp);
}

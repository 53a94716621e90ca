#include "libdiag/analyze/sockets.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

constexpr const char* kConf =
    "events {}\nhttp {\n server { listen 80; }\n server { listen 127.0.0.1:8443 ssl; }\n}\n";
constexpr const char* kHead = "State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n";

model::FactSet given(const std::string& table, const char* conf = kConf) {
  Scene scene;
  return scene.with("nginx.conf", conf).with("ss.txt", kHead + table).facts();
}

}  // namespace

TEST_CASE("without a table nothing is known") {
  Scene scene;
  CHECK(scene.with("nginx.conf", kConf).facts().find("sockets.seen") == nullptr);
}

TEST_CASE("a port that another program holds") {
  const auto facts = given(
      "LISTEN 0 511 *:80 *:* users:((\"apache2\",pid=77,fd=4),(\"apache2\",pid=78,fd=4))\n"
      "LISTEN 0 511 192.0.2.1:8443 0.0.0.0:* users:((\"java\",pid=9,fd=4))\n");
  CHECK(list(facts, "sockets.taken") ==
        Names{"0.0.0.0:80 by apache2 (pid 77)", "0.0.0.0:80 by apache2 (pid 78)"});
  CHECK(list(facts, "sockets.taken_by") == Names{"apache2"});
  CHECK(list(facts, "sockets.taken_pids") == Names{"77", "78"});
  CHECK(facts.number("sockets.listeners") == 2);
}

TEST_CASE("nginx's own sockets, and a table without owners, accuse nobody") {
  const auto own = given(
      "LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:((\"nginx\",pid=5,fd=4))\n"
      "LISTEN 0 511 127.0.0.1:8080 0.0.0.0:* users:((\"java\",pid=9,fd=4))\n");
  CHECK(list(own, "sockets.taken").empty());
  CHECK(list(own, "sockets.other_nginx").empty());
  const auto hidden = given("LISTEN 0 511 0.0.0.0:80 0.0.0.0:*\n");
  CHECK(hidden.find("sockets.taken") == nullptr);
  // A fragment does not say what else nginx listens on.
  CHECK(given("LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:((\"apache2\",pid=5,fd=4))\n",
              "server_name a.example;\n")
            .find("sockets.taken") == nullptr);
}

TEST_CASE("an nginx of another master") {
  Scene scene;
  scene.with(process(10, 1, model::Role::kMaster)).with(process(11, 10, model::Role::kWorker));
  const auto facts =
      scene.with("nginx.conf", kConf)
          .with("ss.txt", std::string(kHead) +
                              "LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:((\"nginx\",pid=99,fd=4))\n")
          .facts();
  CHECK(list(facts, "sockets.other_nginx") == Names{"0.0.0.0:80 by nginx (pid 99)"});
  CHECK(list(facts, "sockets.taken").empty());
}

TEST_CASE("who holds the port that could not be bound") {
  Scene scene;
  const auto facts =
      scene
          .with("error.log",
                "2026/04/21 10:00:00 [emerg] 31#31: bind() to 0.0.0.0:80 failed (98: Address "
                "already in use)\n")
          .with("ss.txt", std::string(kHead) +
                              "LISTEN 0 9 *:80 *:* users:((\"caddy\",pid=7,fd=4))\n"
                              "LISTEN 0 9 *:8080 *:* users:((\"java\",pid=8,fd=4))\n")
          .facts();
  CHECK(list(facts, "sockets.bind_holders") == Names{"0.0.0.0:80 by caddy (pid 7)"});
}

TEST_CASE("local ports that connections in TIME-WAIT hold") {
  const auto facts = given(
      "27000 TIME-WAIT 127.0.0.1:8080\n 30 TIME-WAIT 127.0.0.1:9000\n"
      "net.ipv4.ip_local_port_range = 32768 60999\n");
  CHECK(facts.number("sockets.time_wait") == 27030);
  CHECK(facts.text("sockets.time_wait_peer") == "127.0.0.1:8080");
  CHECK(facts.number("sockets.local_ports") == 28232);
  CHECK(facts.number("sockets.local_ports_used") == 95);
}

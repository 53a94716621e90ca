#include "libdiag/analyze/served_targets.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

// "127.0.0.1:443 a.example.org /a.pem"
std::vector<std::string> targets(std::string_view http) {
  const parse::Config config =
      parse::parse_config("events {}\nhttp {\n" + std::string(http) + "\n}\n", "nginx.conf");
  std::vector<std::string> out;
  for (const ServedTarget& target : served_targets(config)) {
    std::string text = target.address + ":" + std::to_string(target.port) + " " + target.name;
    for (const parse::Directive* certificate : target.certificates)
      text += " " + std::string(certificate->arg());
    out.push_back(text);
  }
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("each name of each TLS socket is asked for once") {
  CHECK(
      targets("server { listen 80; listen 443 ssl; server_name a.example.org www.example.org; "
              "ssl_certificate /a.pem; }\n"
              "server { listen 443 ssl; server_name b.example.org; ssl_certificate /b.pem; "
              "ssl_certificate /b-ec.pem; }") ==
      Texts{"127.0.0.1:443 a.example.org /a.pem", "127.0.0.1:443 b.example.org /b.pem /b-ec.pem"});
}

TEST_CASE("a name that two servers claim belongs to the first") {
  CHECK(targets("server { listen 443 ssl; server_name a.example.org; ssl_certificate /a.pem; }\n"
                "server { listen 443 ssl; server_name a.example.org c.example.org; "
                "ssl_certificate /c.pem; }") ==
        Texts{"127.0.0.1:443 a.example.org /a.pem", "127.0.0.1:443 c.example.org /c.pem"});
}

TEST_CASE("the default server is asked without a name when it has none") {
  CHECK(targets("ssl_certificate /all.pem;\n"
                "server { listen [::]:8443 ssl default_server; server_name _; }\n"
                "server { listen [::]:8443 ssl; server_name ~^x *.example.org; }") ==
        Texts{"[::1]:8443  /all.pem"});
}

TEST_CASE("what no handshake can tell is left out") {
  CHECK(targets("server { listen 80; ssl_certificate /a.pem; }").empty());
  CHECK(targets("server { listen 443 ssl; ssl_certificate /$ssl_server_name.pem; }").empty());
  CHECK(targets("server { listen 443 ssl proxy_protocol; ssl_certificate /a.pem; }").empty());
  CHECK(targets("server { listen 443 quic; ssl_certificate /a.pem; }").empty());
  CHECK(targets("server { listen 443 ssl; ssl_reject_handshake on; ssl_certificate /a; }").empty());
  CHECK(targets("server { listen unix:/run/x.sock ssl; ssl_certificate /a.pem; }").empty());
}

TEST_CASE("a socket on the address itself hides the wildcard") {
  CHECK(targets("server { listen 443 ssl; server_name a.example.org; ssl_certificate /a.pem; }\n"
                "server { listen 127.0.0.1:443 ssl; server_name b.example.org; "
                "ssl_certificate /b.pem; }") == Texts{"127.0.0.1:443 b.example.org /b.pem"});
}

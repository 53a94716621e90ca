#include "libdiag/parse/nginx_config_query.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag::parse;

namespace {

constexpr std::string_view kText =
    "error_log /var/log/main.log;\n"
    "worker_processes 4;\n"
    "http {\n"
    "  client_max_body_size 1m;\n"
    "  access_log a; access_log b;\n"
    "  map $x $y { server z; default 0; }\n"
    "  upstream app { server 127.0.0.1:1; }\n"
    "  server {\n"
    "    server_name example.org www.example.org;\n"
    "    client_max_body_size 2m;\n"
    "    location /x { proxy_pass http://app; access_log off; }\n"
    "    location /y { client_max_body_size 3m; root /y; }\n"
    "  }\n"
    "}\n";

}  // namespace

TEST_CASE("directives are found with their enclosing blocks, data lines are not") {
  const Config config = parse_config_fragment(kText);
  const auto servers = find_all(config, "server");
  REQUIRE(servers.size() == 2);
  CHECK(servers[0].path.back()->name == "upstream");
  CHECK(servers[1].directive->block);
  const auto pass = find_all(config, "proxy_pass");
  REQUIRE(pass.size() == 1);
  CHECK(pass[0].protocol() == "http");
  CHECK(pass[0].enclosing("server") == servers[1].directive);
  CHECK(pass[0].enclosing("stream") == nullptr);
  CHECK(describe(pass[0].path) == "http > server(example.org) > location /x");
  CHECK(find_first(config, "worker_processes")->arg() == "4");
  CHECK(find_first(config, "none") == nullptr);
  CHECK(find_any(config, {"root", "error_log"}).size() == 2);
  CHECK(children_of(*servers[1].directive, "location").size() == 2);
}

TEST_CASE("a value is inherited from the nearest level") {
  const Config config = parse_config_fragment(kText);
  const auto inside = [&](std::string_view name) { return find_all(config, name)[0].path; };
  CHECK(effective(config, inside("proxy_pass"), "client_max_body_size")->arg() == "2m");
  CHECK(effective(config, inside("root"), "client_max_body_size")->arg() == "3m");
  CHECK(effective(config, inside("upstream"), "client_max_body_size")->arg() == "1m");
  CHECK(effective(config, inside("root"), "error_log")->arg() == "/var/log/main.log");
  CHECK(effective(config, inside("root"), "gzip") == nullptr);
  CHECK(effective_all(config, inside("root"), "access_log").size() == 2);
  CHECK(effective_all(config, inside("proxy_pass"), "access_log").size() == 1);
}

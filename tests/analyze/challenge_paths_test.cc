#include "libdiag/analyze/challenge_paths.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

constexpr const char* kRenewal =
    "fullchain = /etc/letsencrypt/live/a/fullchain.pem\n[renewalparams]\nauthenticator = webroot\n"
    "[[webroot_map]]\na.example = /var/www/html\n";

model::FactSet served(const std::string& servers, const std::string& renewal = kRenewal,
                      const std::string& name = "renewal.conf") {
  Scene scene;
  return scene.with("nginx.conf", "events {}\nhttp {\n" + servers + "\n}\n")
      .with(name, renewal, model::Kind::kRenewalConf)
      .facts();
}

std::string server(const std::string& inside) {
  return "server { listen 80; server_name a.example;\n" + inside + "\n}";
}

}  // namespace

TEST_CASE("the directory that the client writes to is the one nginx serves") {
  for (const char* inside :
       {"root /var/www/html;", "root /srv; location /.well-known { root /var/www/html/; }",
        "root /srv; location ^~ /.well-known/acme-challenge/ { alias "
        "/var/www/html/.well-known/acme-challenge/; }\nlocation ~ /\\.well { root /other; }"}) {
    const auto facts = served(server(inside));
    CHECK_MESSAGE(facts.number("challenge.checked") == 1, inside);
    CHECK_MESSAGE(list(facts, "challenge.wrong_root").empty(), inside);
  }
}

TEST_CASE("another root") {
  const auto facts = served(server("root /srv/www;"));
  CHECK(list(facts, "challenge.wrong_root") ==
        Names{"a.example: certbot writes to /var/www/html/.well-known/acme-challenge, nginx looks "
              "in /srv/www/.well-known/acme-challenge"});
  const auto regex = served(
      server("root /var/www/html; location / { }\nlocation ~ /\\.well-known { root /srv/other; }"));
  CHECK(list(regex, "challenge.wrong_root").size() == 1);
  const auto other_server = served(
      "server { listen 80 default_server; root /srv; }\nserver { listen 443 ssl; "
      "server_name a.example; root /var/www/html; }");
  CHECK(list(other_server, "challenge.wrong_root").size() == 1);
}

TEST_CASE("a backend that gets the challenge, a server that refuses it") {
  CHECK(list(served(server("location / { proxy_pass http://app; }")), "challenge.proxied") ==
        Names{"a.example: proxy_pass http://app"});
  CHECK(list(served(server("root /var/www/html; location ~ /\\. { deny all; }")),
             "challenge.denied") == Names{"a.example: deny all"});
}

TEST_CASE("what cannot be followed is not judged") {
  for (const char* inside :
       {"return 301 https://$host$request_uri;", "if ($host = x) { return 301 /; } root /srv;",
        "root /srv/$host;", "location / { try_files $uri @app; }", "rewrite ^ /index.php;",
        "root /srv; location ~ ([ { root /x; }", "include snippets/acme.conf; root /srv;"})
    CHECK_MESSAGE(served(server(inside)).find("challenge.checked") == nullptr, inside);
  CHECK(served("server { listen 80; server_name ~^a; root /srv; }").find("challenge.checked") ==
        nullptr);
}

TEST_CASE("dehydrated and acme.sh") {
  const std::string alias =
      "location /.well-known/acme-challenge/ { alias /var/lib/dehydrated/acme-challenges/; }";
  Scene scene;
  const auto dehydrated =
      scene.with("nginx.conf", "events {}\nhttp {\n" + server(alias) + "\n}\n")
          .with("/etc/dehydrated/config", "WELLKNOWN=/var/lib/dehydrated/acme-challenges\n",
                model::Kind::kRenewalConf)
          .with("/etc/dehydrated/domains.txt", "a.example\n", model::Kind::kRenewalConf)
          .facts();
  CHECK(dehydrated.number("challenge.checked") == 1);
  CHECK(list(dehydrated, "challenge.wrong_root").empty());
  CHECK(list(served(server("root /srv;"), "Le_Domain='a.example'\nLe_Webroot='/var/www'\n",
                    "a.example.conf"),
             "challenge.wrong_root")
            .size() == 1);
}

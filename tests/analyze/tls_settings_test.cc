#include "libdiag/analyze/tls_settings.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"
#include "tests/certificates.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

model::FactSet with_server(const std::string& inside, const std::string& http = "") {
  Scene scene;
  return scene
      .with("nginx.conf", "events {}\nhttp {\n" + http +
                              "server { listen 443 ssl; server_name a.example;\n" + inside +
                              "}\n}\n")
      .facts();
}

}  // namespace

TEST_CASE("settings of a server without TLS do not matter") {
  Scene scene;
  const auto facts =
      scene.with("nginx.conf", "events {}\nhttp { ssl_protocols TLSv1; server { listen 80; } }\n")
          .facts();
  CHECK(facts.find("tls.servers") == nullptr);
  CHECK(facts.find("tls.old_protocols") == nullptr);
}

TEST_CASE("protocols are inherited, and the nearest level counts") {
  const auto inherited = with_server("", "ssl_protocols SSLv3 TLSv1 TLSv1.2;\n");
  CHECK(list(inherited, "tls.broken_protocols") == Names{"SSLv3"});
  CHECK(list(inherited, "tls.old_protocols") == Names{"TLSv1"});
  CHECK(list(with_server("ssl_protocols TLSv1.2 TLSv1.3;\n", "ssl_protocols TLSv1;\n"),
             "tls.old_protocols")
            .empty());
}

TEST_CASE("weak ciphers count when nothing takes them away") {
  const auto weak = [](const std::string& ciphers) {
    return list(with_server("ssl_ciphers \"" + ciphers + "\";\n"), "tls.weak_ciphers");
  };
  CHECK(weak("HIGH:!aNULL:!MD5").empty());
  CHECK(weak("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-DES-CBC3-SHA:RC4-SHA") ==
        Names{"ECDHE-RSA-DES-CBC3-SHA", "RC4-SHA"});
  CHECK(weak("ECDHE+AESGCM:DES-CBC3-SHA:!3DES").empty());
  CHECK(weak("ALL:!EXPORT56:EXPORT") == Names{"EXPORT"});
  CHECK(weak("EECDH+AESGCM:EDH+AESGCM:-RC4:+LOW").empty());
}

TEST_CASE("stapling with a certificate that names no responder, and without a resolver") {
  const auto staple = [](const std::string& inside) {
    Scene scene;
    return scene
        .with("nginx.conf",
              "events {}\nhttp { server { listen 443 ssl; server_name example.org; "
              "ssl_certificate /c.pem; " +
                  inside + " } }\n")
        .with("c.pem", test::kNewLeaf)
        .facts();
  };
  const auto none = staple("ssl_stapling on;");
  CHECK(list(none, "tls.stapling_without_responder") == Names{"/c.pem"});
  CHECK(list(none, "tls.stapling_without_resolver").empty());
  CHECK(list(staple("ssl_stapling off;"), "tls.stapling_without_responder").empty());
  const auto named = staple("ssl_stapling on; ssl_stapling_responder http://ocsp.example/;");
  CHECK(list(named, "tls.stapling_without_responder").empty());
  CHECK(list(named, "tls.stapling_without_resolver") == Names{"example.org"});
  CHECK(list(staple("ssl_stapling on; ssl_stapling_responder http://ocsp.example/; resolver "
                    "192.0.2.53;"),
             "tls.stapling_without_resolver")
            .empty());
}

TEST_CASE("neither tickets nor a cache: every handshake is a full one") {
  CHECK(list(with_server("ssl_session_tickets off;\n"), "tls.no_resumption") == Names{"a.example"});
  CHECK(list(with_server("ssl_session_tickets off; ssl_session_cache shared:S:1m;\n"),
             "tls.no_resumption")
            .empty());
  CHECK(list(with_server(""), "tls.no_resumption").empty());
}

TEST_CASE("HTTP/2 on a plain socket") {
  Scene scene;
  const auto facts = scene
                         .with("nginx.conf",
                               "events {}\nhttp { server { listen 80 http2; }\nserver { listen "
                               "443 ssl http2; }\nserver { listen 443 http2; } }\n")
                         .facts();
  CHECK(list(facts, "tls.http2_plain") == Names{"0.0.0.0:80"});
}

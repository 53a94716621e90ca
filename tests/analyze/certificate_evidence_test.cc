#include "libdiag/analyze/certificate_evidence.h"

#include <doctest/doctest.h>

#include "libdiag/parse/nginx_config_query.h"
#include "tests/certificates.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

CertificateEvidence gather(std::map<std::string, std::string> files, const std::string& text) {
  source::Evidence evidence;
  evidence.live = true;
  source::Instance instance;
  instance.files = source::memory_files(std::move(files));
  const parse::Config config = parse::parse_config(text, "/etc/nginx/nginx.conf");
  return gather_certificates(evidence, instance, config, "/etc/nginx/nginx.conf", {});
}

}  // namespace

TEST_CASE("relative names lie beside the configuration, keys pair with certificates in order") {
  const auto found =
      gather({{"/etc/nginx/a.pem", test::kNewLeaf}, {"/etc/nginx/a.key", test::kKey}},
             "http { server { listen 443 ssl; server_name a.example.org; ssl_certificate a.pem; "
             "ssl_certificate /b.pem; ssl_certificate_key a.key; ssl_certificate_key /b.key; } }");
  REQUIRE(found.certificates.size() == 2);
  CHECK(found.certificates[0].file.path == "/b.pem");
  CHECK(found.certificates[0].key.path == "/b.key");
  CHECK(found.certificates[0].file.state == FileState::kMissing);
  CHECK(found.certificates[1].file.path == "/etc/nginx/a.pem");
  CHECK(found.certificates[1].key.path == "/etc/nginx/a.key");
  CHECK(found.certificates[1].key_read);
  CHECK(found.certificates[1].server_names == std::vector<std::string>{"a.example.org"});
}

TEST_CASE("a certificate of http{} is presented by all its servers") {
  const auto found = gather({{"/a.pem", test::kNewLeaf}},
                            "http { ssl_certificate /a.pem; ssl_certificate_key /a.key; "
                            "server { listen 443 ssl; server_name a; } "
                            "server { listen 443 ssl; server_name b; } "
                            "server { listen 80; server_name c; } }");
  REQUIRE(found.certificates.size() == 1);
  CHECK(found.certificates[0].presented);
  CHECK(found.certificates[0].server_names == std::vector<std::string>{"a", "b"});
}

TEST_CASE("variables and engines are no files") {
  const auto found = gather({},
                            "http { server { listen 443 ssl; ssl_certificate $cert; "
                            "ssl_certificate_key engine:pkcs11:x; } }");
  CHECK(found.certificates.empty());
}

TEST_CASE("a link that leads in a circle ends") {
  const auto found = gather({{"/a.pem", "-> /b.pem"}, {"/b.pem", "-> /a.pem"}},
                            "http { server { listen 443 ssl; ssl_certificate /a.pem; } }");
  REQUIRE(found.certificates.size() == 1);
  CHECK(found.certificates[0].bundle.certificates.empty());
}

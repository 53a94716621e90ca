#include "libdiag/analyze/certificate_ends.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"
#include "tests/certificates.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

TEST_CASE("the end of each certificate on disk, by its file") {
  Scene scene;
  scene.evidence.zone = "+00:00";
  scene.evidence.instances[0].files =
      source::memory_files({{"/etc/nginx/nginx.conf",
                             "events {}\nhttp { server { listen 443 ssl; server_name example.org; "
                             "ssl_certificate /etc/ssl/c.pem; ssl_certificate_key /k.pem; } }\n"},
                            {"/etc/ssl/c.pem", std::string(test::kNewLeaf) + test::kIntermediate},
                            {"/k.pem", test::kKey}});
  scene.with(process(10, 1, model::Role::kMaster));
  const auto facts = scene.facts();
  const auto end = facts.text("cert_ends.disk./etc/ssl/c.pem");
  REQUIRE(end);
  CHECK(end == facts.text("cert.first_end"));
}

TEST_CASE("the end of what is served, by its name or its socket; the first of several") {
  const auto served = [](const char* address, const char* name, const char* end) {
    ServedCertificate out{address, name, {}, parse::Certificate{}, {"config", "nginx.conf", 3}};
    out.leaf->not_after = base::parse_civil(end);
    return out;
  };
  Scene scene;
  scene.digest.certificates.served = {served("127.0.0.1:443", "example.org", "2026-05-02 10:00:00"),
                                      served("[::1]:443", "example.org", "2026-05-01 10:00:00"),
                                      served("127.0.0.1:8443", "", "2026-06-01 10:00:00")};
  model::FactSet facts;
  model::FactSink sink(facts, kCertificateEnds.name, kCertificateEnds.specs,
                       kCertificateEnds.spec_count);
  kCertificateEnds.run({scene.digest, scene.patterns, scene.evidence, scene.evidence.instances[0],
                        scene.tables, facts},
                       sink, scene.events);
  CHECK(facts.text("cert_ends.served.example.org") == "2026-05-01 10:00:00");
  CHECK(facts.text("cert_ends.served.127.0.0.1:8443") == "2026-06-01 10:00:00");
}

TEST_CASE("without certificates there is nothing to tell") {
  const auto facts = Scene().with("nginx.conf", "events {}\n").facts();
  for (const auto& [name, fact] : facts.all()) CHECK_FALSE(name.starts_with("cert_ends."));
}

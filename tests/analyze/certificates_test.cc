#include "libdiag/analyze/certificates.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "libdiag/parse/certificate.h"
#include "tests/analyze/support.h"
#include "tests/certificates.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;
using model::Role;

namespace {

constexpr const char* kConf =
    "events {}\nhttp { server { listen 443 ssl; server_name example.org; "
    "ssl_certificate /c.pem; ssl_certificate_key /k.pem; } }\n";

// A live host (2026-04-22 09:00 UTC) whose configuration names /c.pem and /k.pem.
Scene host(std::map<std::string, std::string> files, const char* conf = kConf) {
  Scene scene;
  scene.evidence.zone = "+00:00";
  files["/etc/nginx/nginx.conf"] = conf;
  scene.evidence.instances[0].files = source::memory_files(std::move(files));
  scene.with(process(10, 1, Role::kMaster));
  return scene;
}

bool begins(const Names& list, std::string_view text) {
  return list.size() == 1 && list[0].starts_with(text);
}

const std::string kChain = std::string(test::kNewLeaf) + test::kIntermediate;

// The DER of a PEM text, as a handshake gives it.
std::string der(std::string_view pem) {
  std::string out;
  unsigned bits = 0, count = 0;
  while (!pem.empty()) {
    const std::string_view line = base::take_line(pem);
    if (line.starts_with("-----")) continue;
    for (const char c : line) {
      const std::string_view digits =
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      const size_t digit = digits.find(c);
      if (digit == std::string_view::npos) continue;
      bits = bits << 6 | static_cast<unsigned>(digit);
      count += 6;
      if (count >= 8) {
        count -= 8;
        out += static_cast<char>(bits >> count & 0xff);
      }
    }
  }
  return out;
}

Scene serving(const std::string& disk, const std::string& served) {
  Scene scene = host({{"/c.pem", disk}, {"/k.pem", test::kKey}});
  scene.evidence.instances[0].tls_probe = [served](const std::vector<source::TlsTarget>& targets) {
    std::vector<source::Fetched> out;
    for (const source::TlsTarget& target : targets) {
      source::Fetched one;
      if (served.empty())
        one.gap = {target.name, "no answer in time"};
      else
        one.bytes = der(served);
      out.push_back(one);
    }
    return out;
  };
  return scene;
}

}  // namespace

TEST_CASE("a sound certificate has nothing against it") {
  const auto facts = host({{"/c.pem", kChain}, {"/k.pem", test::kKey}}).facts();
  CHECK(facts.number("cert.count") == 1);
  CHECK(facts.number("cert.keys_checked") == 1);
  CHECK(facts.number("cert.days_left") == 86);
  for (const char* name :
       {"cert.expired", "cert.expires_soon", "cert.not_yet_valid", "cert.key_mismatch",
        "cert.missing", "cert.unusable", "cert.leaf_only", "cert.chain_disorder",
        "cert.wrong_names", "cert.weak", "cert.live_behind"})
    CHECK_MESSAGE(list(facts, name).empty(), name);
}

TEST_CASE("past its end, near it, and before its time") {
  CHECK(begins(list(host({{"/c.pem", test::kOldLeaf}}).facts(), "cert.expired"),
               "example.org (/c.pem) ended 2026-04-20 12:00:00 UTC, 1 d 21 h ago"));
  const auto soon = host({{"/c.pem", test::kSoonLeaf}}).facts();
  CHECK(list(soon, "cert.expired").empty());
  CHECK(list(soon, "cert.expires_soon").size() == 1);
  CHECK(list(soon, "cert.expires_in_week").size() == 1);
  CHECK(list(soon, "cert.expires_in_day").empty());
  CHECK(soon.number("cert.days_left") == 4);
  Scene early = host({{"/c.pem", test::kNewLeaf}});
  early.evidence.now = *base::civil(2026, 4, 18, 11);
  CHECK(list(early.facts(), "cert.not_yet_valid").size() == 1);
  early.evidence.zone = "-02:00";  // 13:00 UTC
  CHECK(list(early.facts(), "cert.not_yet_valid").empty());
}

TEST_CASE("a key of another certificate") {
  const auto facts = host({{"/c.pem", kChain}, {"/k.pem", test::kOtherKey}}).facts();
  CHECK(list(facts, "cert.key_mismatch") == Names{"/c.pem and /k.pem"});
  CHECK(list(facts, "cert.key_mismatch_files") == Names{"/c.pem", "/k.pem"});
  const auto locked = host({{"/c.pem", kChain}, {"/k.pem", test::kEncryptedKey}}).facts();
  CHECK(locked.find("cert.key_mismatch") == nullptr);
}

TEST_CASE("files that are not there, links into nowhere, files that are no certificates") {
  const auto facts =
      host({{"/k.pem", "-> /gone/key.pem"}, {"/etc/nginx/r.pem", "<html>"}},
           "events {}\nhttp { server { listen 443 ssl; ssl_certificate /c.pem; "
           "ssl_certificate_key /k.pem; }\nserver { listen 444 ssl; ssl_certificate r.pem; }\n"
           "server { listen 445 ssl; ssl_certificate /etc/ssl/yourdomain.crt; } }\n")
          .facts();
  CHECK(list(facts, "cert.missing") == Names{"/c.pem"});
  CHECK(list(facts, "cert.dangling") == Names{"/k.pem points to /gone/key.pem"});
  CHECK(list(facts, "cert.placeholder") == Names{"/etc/ssl/yourdomain.crt"});
  CHECK(list(facts, "cert.unusable") == Names{"/etc/nginx/r.pem holds no certificate"});
}

TEST_CASE("a leaf alone, a chain in the wrong order, a name that is not covered, a weak key") {
  CHECK(begins(list(host({{"/c.pem", test::kNewLeaf}}).facts(), "cert.leaf_only"), "/c.pem"));
  const std::string wrong = std::string(test::kIntermediate) + test::kNewLeaf;
  CHECK(begins(list(host({{"/c.pem", wrong}}).facts(), "cert.chain_disorder"), "/c.pem"));
  const auto weak = host({{"/c.pem", test::kWeakSelfSigned}}).facts();
  CHECK(list(weak, "cert.leaf_only").empty());
  CHECK(begins(list(weak, "cert.weak"), "weak.example.net"));
  CHECK(begins(list(weak, "cert.wrong_names"), "example.org is not covered by /c.pem"));
}

TEST_CASE("certbot's link that stayed at an old generation") {
  const char* conf =
      "events {}\nhttp { server { listen 443 ssl; server_name example.org; "
      "ssl_certificate /etc/letsencrypt/live/a/fullchain.pem; } }\n";
  const auto facts =
      host({{"/etc/letsencrypt/live/a/fullchain.pem", "-> ../../archive/a/fullchain9.pem"},
            {"/etc/letsencrypt/archive/a/fullchain9.pem", kChain},
            {"/etc/letsencrypt/archive/a/fullchain10.pem", kChain}},
           conf)
          .facts();
  CHECK(begins(list(facts, "cert.live_behind"), "/etc/letsencrypt/live/a/fullchain.pem points to"));
}

TEST_CASE("what is served is held against the file") {
  const auto old = serving(kChain, test::kOldLeaf).facts();
  CHECK(old.number("cert.served_checked") == 1);
  CHECK(list(old, "cert.served_names") == Names{"example.org"});
  CHECK(begins(list(old, "cert.served_older"),
               "example.org: on disk until 2026-07-17 12:00:00 UTC, served until 2026-04-20"));
  CHECK(list(old, "cert.served_expired").size() == 1);
  const auto same = serving(kChain, test::kNewLeaf).facts();
  CHECK(list(same, "cert.served_differs").empty());
  CHECK(list(same, "cert.served_expired").empty());
  const auto other = serving(kChain, test::kWeakSelfSigned).facts();
  CHECK(list(other, "cert.served_differs").size() == 1);
  CHECK(list(other, "cert.served_older").empty());
  CHECK(serving(kChain, "").facts().find("cert.served_checked") == nullptr);
}

TEST_CASE("certificates that were handed over are matched by the end of their path") {
  Scene scene;
  scene.evidence.zone = "+00:00";
  scene.with("nginx.conf",
             "http { server { listen 443 ssl; server_name other.example.net; "
             "ssl_certificate /etc/letsencrypt/live/a/fullchain.pem; } }\n");
  scene.with("given/live/a/fullchain.pem", test::kOldLeaf);
  const auto facts = scene.facts();
  CHECK(facts.number("cert.count") == 1);
  CHECK(list(facts, "cert.expired").size() == 1);
  CHECK(list(facts, "cert.wrong_names").size() == 1);
  CHECK(list(facts, "cert.missing").empty());
}

TEST_CASE("what openssl printed tells the dates as well") {
  Scene scene;
  scene.evidence.zone = "+00:00";
  scene.with("paste.txt",
             "subject=CN = example.org\nnotBefore=Jan 20 12:00:00 2026 GMT\n"
             "notAfter=Apr 20 12:00:00 2026 GMT\n");
  CHECK(list(scene.facts(), "cert.expired_names") == Names{"example.org"});
}

TEST_CASE("without certificates nothing is said") {
  Scene scene;
  scene.with("nginx.conf", "events {}\nhttp { server { listen 80; } }\n");
  CHECK(scene.facts().find("cert.count") == nullptr);
}

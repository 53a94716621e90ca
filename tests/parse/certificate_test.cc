#include "libdiag/parse/certificate.h"

#include <doctest/doctest.h>

#include "tests/certificates.h"

using namespace ngxdiag;
using namespace ngxdiag::parse;

TEST_CASE("a leaf tells its names, dates and key") {
  const auto bundle = parse_certificates(test::kOldLeaf);
  REQUIRE(bundle.certificates.size() == 1);
  const Certificate& leaf = bundle.certificates[0];
  CHECK(leaf.subject == "CN=example.org");
  CHECK(leaf.issuer == "CN=Example CA 1");
  CHECK(leaf.common_name == "example.org");
  CHECK(leaf.names == std::vector<std::string>{"example.org", "*.example.org"});
  CHECK(leaf.not_before == base::civil(2026, 1, 20, 12));
  CHECK(leaf.not_after == base::civil(2026, 4, 20, 12));
  CHECK(leaf.serial == "51");
  CHECK(leaf.key_type == "EC");
  CHECK(leaf.key_bits == 256);
  CHECK(leaf.signature == "ecdsa-with-SHA256");
  CHECK(leaf.digest == "sha256");
  CHECK(leaf.public_key.size() == 64);
  CHECK(leaf.fingerprint.size() == 64);
  CHECK(leaf.names_issuer);
  CHECK_FALSE(leaf.authority);
  CHECK_FALSE(self_signed(leaf));
}

TEST_CASE("a bundle keeps its order, counts what is broken and leaves keys unread") {
  const std::string text = std::string("Bag Attributes\n") + test::kNewLeaf + test::kIntermediate +
                           test::kKey +
                           "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
                           "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n"
                           "-----END CERTIFICATE REQUEST-----\n";
  const auto bundle = parse_certificates(text);
  REQUIRE(bundle.certificates.size() == 2);
  CHECK(bundle.certificates[0].common_name == "example.org");
  CHECK(bundle.certificates[1].authority);
  CHECK(bundle.certificates[0].issuer == bundle.certificates[1].subject);
  CHECK(bundle.broken == 1);
  CHECK(bundle.keys == 1);
  CHECK(bundle.requests == 1);
}

TEST_CASE("a weak self-signed certificate") {
  const auto bundle = parse_certificates(test::kWeakSelfSigned);
  REQUIRE(bundle.certificates.size() == 1);
  const Certificate& weak = bundle.certificates[0];
  CHECK(weak.key_type == "RSA");
  CHECK(weak.key_bits == 1024);
  CHECK(weak.digest == "sha1");
  CHECK(self_signed(weak));
  CHECK(weak.names == std::vector<std::string>{"weak.example.net", "192.0.2.1"});
}

TEST_CASE("a key is known by its public half and overwritten") {
  const auto leaf = parse_certificates(test::kOldLeaf).certificates.at(0);
  std::string own = test::kKey, other = test::kOtherKey, locked = test::kEncryptedKey;
  const KeyIdentity same = identify_private_key(own);
  CHECK(same.public_key == leaf.public_key);
  CHECK(own.empty());
  CHECK(identify_private_key(other).public_key != leaf.public_key);
  const KeyIdentity encrypted = identify_private_key(locked);
  CHECK(encrypted.encrypted);
  CHECK(encrypted.public_key.empty());
  std::string garbage = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
  CHECK(identify_private_key(garbage).public_key.empty());
}

TEST_CASE("names cover hosts as browsers take them") {
  Certificate certificate;
  certificate.names = {"example.org", "*.example.org"};
  certificate.common_name = "other.example.net";
  CHECK(covers(certificate, "example.org"));
  CHECK(covers(certificate, "WWW.Example.org"));
  CHECK_FALSE(covers(certificate, "a.b.example.org"));
  CHECK_FALSE(covers(certificate, ".example.org"));
  CHECK_FALSE(covers(certificate, "other.example.net"));
  certificate.names.clear();
  CHECK(covers(certificate, "other.example.net"));
}

TEST_CASE("no bytes bring the parser down") {
  const std::string good = std::string(test::kNewLeaf) + test::kIntermediate + test::kKey;
  for (size_t cut = 0; cut < good.size(); cut += 7) parse_certificates(good.substr(0, cut));
  for (size_t at = 0; at < good.size(); at += 3) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x15);
    parse_certificates(bad);
    identify_private_key(bad);
  }
  std::string begins, ders;
  for (int i = 0; i < 20000; ++i) begins += "-----BEGIN CERTIFICATE-----\n";
  parse_certificates(begins);
  parse_certificates(begins + "-----END CERTIFICATE-----");
  parse_certificates(std::string("-----BEGIN ") + std::string(100000, '-'));
  parse_certificates("-----BEGIN -----END ");
  parse_certificates(std::string(70000, '\x30'));
  for (int length = 0; length < 300; ++length) {
    ders.assign(static_cast<size_t>(length), static_cast<char>(length * 37));
    ders.insert(0, "\x30\x82\x01\x20");
    parse_certificates(ders);
    parse_certificate_der(ders);
    identify_private_key(ders);
  }
  CHECK(parse_certificates("").certificates.empty());
  CHECK(parse_certificates(std::string("\0\0\0", 3)).certificates.empty());
}

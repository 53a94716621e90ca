#include <doctest/doctest.h>

#include "libdiag/parse/certificate.h"

using namespace ngxdiag;
using namespace ngxdiag::parse;

TEST_CASE("openssl x509 -text") {
  const auto found = parse_certificate_text(
      "Certificate:\n"
      "    Data:\n"
      "        Version: 3 (0x2)\n"
      "        Signature Algorithm: sha256WithRSAEncryption\n"
      "        Issuer: C = US, O = Let's Encrypt, CN = R11\n"
      "        Validity\n"
      "            Not Before: Jan 21 07:02:11 2026 GMT\n"
      "            Not After : Apr 21 07:02:10 2026 GMT\n"
      "        Subject: CN = shop.example.org\n"
      "        Subject Public Key Info:\n"
      "            Public Key Algorithm: rsaEncryption\n"
      "                Public-Key: (2048 bit)\n"
      "            X509v3 Basic Constraints: critical\n"
      "                CA:FALSE\n"
      "                CA Issuers - URI:http://r11.i.lencr.org/\n"
      "            X509v3 Subject Alternative Name:\n"
      "                DNS:shop.example.org, DNS:www.Example.org, IP Address:192.0.2.7\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].common_name == "shop.example.org");
  CHECK(found[0].issuer == "C = US, O = Let's Encrypt, CN = R11");
  CHECK(found[0].not_before == base::civil(2026, 1, 21, 7, 2, 11));
  CHECK(found[0].not_after == base::civil(2026, 4, 21, 7, 2, 10));
  CHECK(found[0].names ==
        std::vector<std::string>{"shop.example.org", "www.example.org", "192.0.2.7"});
  CHECK(found[0].key_type == "RSA");
  CHECK(found[0].key_bits == 2048);
  CHECK(found[0].digest == "sha256");
  CHECK(found[0].names_issuer);
  CHECK_FALSE(found[0].authority);
}

TEST_CASE("openssl x509 -subject -enddate, twice") {
  const auto found = parse_certificate_text(
      "subject=CN = a.example.org\nnotAfter=Apr 21 07:02:10 2026 GMT\n"
      "subject=CN = b.example.org\nnotAfter=Feb  1 00:00:00 2026 GMT\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].common_name == "a.example.org");
  CHECK(found[1].common_name == "b.example.org");
  CHECK(found[1].not_after == base::civil(2026, 2, 1));
}

TEST_CASE("what is no certificate gives none") {
  CHECK(parse_certificate_text("").empty());
  CHECK(parse_certificate_text("subject=CN = example.org\nissuer=CN = R11\n").empty());
  CHECK(parse_certificate_text("notAfter=never\n").empty());
  CHECK(parse_certificate_text("notAfter=Foo 99 99:99:99 -1 GMT\n").empty());
}

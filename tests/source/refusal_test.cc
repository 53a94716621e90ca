#include "libdiag/source/refusal.h"

#include <doctest/doctest.h>

using namespace ngxdiag::source;

TEST_CASE("private keys are told by name and by content") {
  CHECK(names_private_key("/etc/letsencrypt/live/x/privkey.pem"));
  CHECK(names_private_key("certs/Site.KEY"));
  CHECK_FALSE(names_private_key("fullchain.pem"));
  CHECK_FALSE(names_private_key("keyboard.log"));
  CHECK(holds_private_key("junk\n-----BEGIN EC PRIVATE KEY-----\n"));
  CHECK(holds_private_key(
      "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n"));
  CHECK_FALSE(holds_private_key("-----BEGIN CERTIFICATE-----\n"));
  CHECK_FALSE(holds_private_key("PEM_read_bio_PrivateKey() failed (PRIVATE KEY-----)"));
}

TEST_CASE("what holds nothing to read says why") {
  CHECK(refusal("a", "", false) == "is empty");
  CHECK(refusal("a", std::string(100, '\0'), false) == "is no text");
  CHECK_FALSE(refusal("a", std::string(100, '\0'), true));
  CHECK_FALSE(refusal("a", "worker process 1 exited on signal 11", false));
}

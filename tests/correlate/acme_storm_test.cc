#include "libdiag/correlate/acme_storm.h"

#include <doctest/doctest.h>

#include "tests/correlate/support.h"

using namespace ngxdiag::correlate;
using ngxdiag::model::EventKind;

TEST_CASE("failures in the storm are told from failures at another time") {
  const auto facts =
      correlated({event(EventKind::kAcmeRenewed, 900), event(EventKind::kDeath, 1000),
                  event(EventKind::kAcmeFailed, 1100), event(EventKind::kAcmeFailed, 90000)},
                 counted("acme.failed", 2));
  CHECK(facts.number("acme_storm.failed_during") == 1);
  CHECK(facts.number("acme_storm.failed_outside") == 1);
  CHECK(facts.number("acme_storm.renewed_before") == 1);
}

TEST_CASE("without a storm nothing is said") {
  CHECK(correlated({event(EventKind::kAcmeFailed, 1100)}, counted("acme.failed", 1))
            .find("acme_storm.failed_during") == nullptr);
}

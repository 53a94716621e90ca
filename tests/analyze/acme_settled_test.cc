#include "libdiag/analyze/acme_settled.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

const std::string kRun = ":DEBUG:certbot._internal.main:certbot version: 2.1.0\n";
const std::string kFailed =
    "2026-04-21 23:19:02,117:ERROR:certbot._internal.renewal:Failed to renew certificate "
    "www7.example.net with error: Some challenges have failed.\n";
const std::string kRenewed =
    "2026-04-22 01:19:02,117:DEBUG:certbot._internal.display.obj:Notifying user:   "
    "/etc/letsencrypt/live/www7.example.net/fullchain.pem (success)\n";

std::optional<AcmePast> past(const std::string& text) {
  AcmeSettlement settlement;
  std::string_view rest = text;
  for (int64_t number = 1; !rest.empty(); ++number)
    if (const auto line = parse::parse_acme_line(base::take_line(rest)))
      settlement.add(*line, number);
  return settlement.past();
}

}  // namespace

TEST_CASE("a failure is over when a later run renewed that name") {
  const auto settled = past("2026-04-21 23:10:02,117" + kRun + kFailed + "2026-04-22 01:10:02,117" +
                            kRun + kRenewed);
  REQUIRE(settled);
  CHECK(settled->line == 3);
  CHECK(settled->time == base::civil(2026, 4, 22, 1, 10, 2));
}

TEST_CASE("another name's success, a second failure or an unnamed one settle nothing") {
  CHECK_FALSE(past("2026-04-21 23:10:02,117" + kRun + kFailed));
  CHECK_FALSE(past(kFailed + "2026-04-22 01:10:02,117" + kRun +
                   base::replace_all(kRenewed, "www7", "www8")));
  CHECK_FALSE(past(kFailed + "2026-04-22 01:10:02,117" + kRun + kRenewed + kFailed));
  CHECK_FALSE(past("  Detail: 192.0.2.7: Invalid response from http://a.example.net/: 504\n" +
                   ("2026-04-22 01:10:02,117" + kRun) + kRenewed));
  CHECK_FALSE(past("2026-04-22 01:10:02,117" + kRun + kRenewed));
}

TEST_CASE("dehydrated's output has no times, its lines are enough") {
  const std::string run = "# INFO: Using main config file /etc/dehydrated/config\n";
  const std::string work =
      "Processing shop.example.net\n + Responding to challenge for "
      "shop.example.net authorization...\n";
  const auto settled =
      past(run + work + "ERROR: Challenge is invalid! (returned: invalid)\n" + run + work +
           " + Challenge is valid!\n + Order is processing...\n + Done!\n");
  REQUIRE(settled);
  CHECK(settled->line == 5);
}

TEST_CASE("what is over counts as nothing, renewals aside, in an older log as well") {
  const std::string detail =
      "  Detail: 192.0.2.7: Invalid response from http://www7.example.net/.well-known/x: 504\n";
  const std::string first = "2026-04-21 23:10:02,117" + kRun + detail + kFailed;
  const std::string second = "2026-04-22 01:10:02,117" + kRun + kRenewed;
  const auto facts = Scene().with("letsencrypt.log", first + second).facts();
  CHECK(facts.number("acme.failed") == 0);
  CHECK(facts.number("acme.challenge_5xx") == 0);
  CHECK(facts.number("acme.renewed") == 1);
  const auto standing = Scene().with("letsencrypt.log", first).facts();
  CHECK(standing.number("acme.challenge_5xx") == 1);
}

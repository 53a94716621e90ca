#include "libdiag/correlate/bursts.h"

#include <doctest/doctest.h>

#include "tests/correlate/support.h"

using namespace ngxdiag::correlate;
using ngxdiag::model::EventKind;

TEST_CASE("deaths with a quiet minute between are two bursts, and the larger is the storm") {
  const std::vector<ngxdiag::model::Event> events = {
      event(EventKind::kDeath, 100),  event(EventKind::kReload, 150),
      event(EventKind::kDeath, 1000), event(EventKind::kDeath, 1000),
      event(EventKind::kDeath, 1030), event(EventKind::kKilled, 1031)};
  const auto bursts = find_bursts(events, 60);
  REQUIRE(bursts.size() == 2);
  CHECK(bursts[1].deaths == 3);
  CHECK(bursts[1].peak_per_second == 2);
  const auto facts = correlated(events, counted("deaths.total", 4));
  CHECK(facts.number("storm.bursts") == 2);
  CHECK(facts.number("storm.deaths") == 3);
  CHECK(facts.number("storm.seconds") == 30);
}

TEST_CASE("no deaths, no storm; nothing looked at, nothing known") {
  CHECK(correlated({}, counted("deaths.total", 0)).number("storm.bursts") == 0);
  CHECK(correlated({}, {}).find("storm.bursts") == nullptr);
}

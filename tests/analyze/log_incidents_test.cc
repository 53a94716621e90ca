#include "libdiag/analyze/log_incidents.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

constexpr base::CivilTime kStart = 1776800000;

CountSeries series(std::string name, std::vector<int64_t> counts) {
  return {std::move(name), std::move(counts)};
}

CountSeries steady(std::string name, size_t length, int64_t value) {
  return {std::move(name), std::vector<int64_t>(length, value)};
}

}  // namespace

TEST_CASE("what rises together is one incident, the calm before and after none") {
  CountSeries refused = steady("refused", 60, 2), deaths = steady("deaths", 60, 0);
  for (size_t i = 30; i < 34; ++i) refused.counts[i] = 900;
  deaths.counts[32] = 12;
  deaths.counts[33] = 9;
  const auto found = find_incidents({refused, deaths}, kStart, 60, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].from == kStart + 30 * 60);
  CHECK(found[0].until == kStart + 34 * 60);
  REQUIRE(found[0].parts.size() == 2);
  CHECK(found[0].parts[0].name == "refused");
  CHECK(found[0].parts[0].count == 3600);
  CHECK(found[0].parts[0].usual == doctest::Approx(8));
  CHECK(found[0].parts[1].count == 21);
  CHECK(found[0].count == 3621);
  CHECK_FALSE(found[0].from_start);
  CHECK_FALSE(found[0].to_end);
}

TEST_CASE("two incidents stay two, and one that does not end says so") {
  CountSeries errors = steady("errors", 100, 1);
  for (size_t i = 20; i < 23; ++i) errors.counts[i] = 50;
  for (size_t i = 90; i < 100; ++i) errors.counts[i] = 60;
  const auto found = find_incidents({errors}, kStart, 60, {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].until == kStart + 23 * 60);
  CHECK(found[1].from == kStart + 90 * 60);
  CHECK(found[1].to_end);
}

TEST_CASE("a day that is livelier than the night is no incident, a lone death neither") {
  CountSeries day = steady("errors", 1440, 3), deaths = steady("deaths", 1440, 0);
  for (size_t i = 480; i < 1200; ++i) day.counts[i] = 12 + static_cast<int64_t>(i % 3);
  deaths.counts[700] = 1;
  CHECK(find_incidents({day, deaths}, kStart, 60, {}).empty());
}

TEST_CASE("a storm that fills most of the log still stands against the calm rest") {
  CountSeries deaths = steady("deaths", 40, 0);
  for (size_t i = 10; i < 40; ++i) deaths.counts[i] = 200;
  const auto found = find_incidents({deaths}, kStart, 60, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].from == kStart + 600);
  CHECK(found[0].to_end);
}

TEST_CASE("long series are looked at in wider steps") {
  CountSeries errors = steady("errors", 20000, 1);
  for (size_t i = 10000; i < 10060; ++i) errors.counts[i] = 200;
  const auto found = find_incidents({errors}, kStart, 60, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].from <= kStart + 10000 * 60);
  CHECK(found[0].from > kStart + 9990 * 60);
  CHECK(found[0].until >= kStart + 10060 * 60);
  CHECK(found[0].until < kStart + 10070 * 60);
}

TEST_CASE("too little to compare with gives nothing") {
  CHECK(find_incidents({}, kStart, 60, {}).empty());
  CHECK(find_incidents({series("errors", {1, 900, 1})}, kStart, 60, {}).empty());
  CHECK(find_incidents({steady("errors", 50, 0)}, kStart, 60, {}).empty());
}

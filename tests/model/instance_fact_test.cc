#include "libdiag/model/instance_fact.h"

#include <doctest/doctest.h>

using namespace ngxdiag::model;

TEST_CASE("a fact of the one nginx, and of one of several") {
  const auto bare = instance_fact("processes.workers", "processes.workers");
  REQUIRE(bare);
  CHECK(bare->instance == "");
  const auto one =
      instance_fact("container 0a1b master 812.processes.workers", "processes.workers");
  REQUIRE(one);
  CHECK(one->instance == "container 0a1b master 812");
  CHECK_FALSE(instance_fact("processes.workers_max", "processes.workers"));
  CHECK_FALSE(instance_fact("nchan_processes.workers", "processes.workers"));
}

TEST_CASE("a member of a family") {
  const auto member = instance_fact("master 7.cert_ends.disk./etc/ssl/a.pem", "cert_ends.disk.");
  REQUIRE(member);
  CHECK(member->instance == "master 7");
  CHECK(member->rest == "/etc/ssl/a.pem");
  CHECK_FALSE(instance_fact("cert_ends.disk.", "cert_ends.disk."));
}

TEST_CASE("numbers of all nginx as one") {
  FactSet facts;
  CHECK_FALSE(instance_number(facts, "stale.workers", Fold::kSum));
  facts.put("a.stale.workers", int64_t{3}, {{}}, "x");
  facts.put("b.stale.workers", int64_t{5}, {{}}, "x");
  facts.put("b.stale.workers_text", std::string("no number"), {{}}, "x");
  CHECK(instance_numbers(facts, "stale.workers") == std::vector<double>{3, 5});
  CHECK(instance_number(facts, "stale.workers", Fold::kSum) == 8);
  CHECK(instance_number(facts, "stale.workers", Fold::kMost) == 5);
  CHECK(instance_number(facts, "stale.workers", Fold::kLeast) == 3);
}

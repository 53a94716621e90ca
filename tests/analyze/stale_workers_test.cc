#include "libdiag/analyze/stale_workers.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;
using model::Role;

TEST_CASE("old workers are told with age, memory and generations") {
  Scene scene;
  const auto now = scene.evidence.now;
  scene.with("nginx.conf", "worker_shutdown_timeout 60s;\nevents {}\n");
  for (int i = 0; i < 3; ++i) {
    model::Process old = process(20 + i, 10, Role::kShuttingDown);
    old.started = now - 7200 + (i == 2 ? 3600 : 0);
    old.age = now - *old.started;
    old.rss = 10 << 20;
    scene.with(old);
  }
  model::Process serving = process(30, 10, Role::kWorker);
  serving.started = now - 1800;
  const auto facts = scene.with(process(10, 1, Role::kMaster)).with(serving).facts();
  CHECK(facts.number("stale.workers") == 3);
  CHECK(facts.number("stale.oldest_age") == 7200);
  CHECK(facts.number("stale.generations") == 2);
  CHECK(facts.number("stale.rss") == 30 << 20);
  CHECK(facts.number("stale.oldest_leaving") == 3600);
  CHECK(facts.number("stale.exceeds_timeout") == 3);
}

TEST_CASE("without a process table nothing is known of them") {
  CHECK(Scene().with("nginx.conf", "events {}\n").facts().find("stale.workers") == nullptr);
}

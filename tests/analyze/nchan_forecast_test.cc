#include "libdiag/analyze/nchan_forecast.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;
using model::Role;

namespace {

// A host with nchan, one held worker of the first generation, and `reloads` reloads behind it.
Scene host(int workers, int reloads, bool held) {
  Scene scene;
  const auto start = scene.evidence.now - 600;
  scene.with("nginx.conf", "load_module modules/ngx_nchan_module.so;\nworker_processes " +
                               std::to_string(workers) + ";\nevents {}\nhttp {}\n");
  std::string log;
  for (int i = 1; i <= reloads; ++i)
    log += "2026/04/22 08:5" + std::to_string(i / 60 % 10) + ":" + (i % 60 < 10 ? "0" : "") +
           std::to_string(i % 60) + " [notice] 10#10: reconfiguring\n";
  if (!log.empty()) scene.with("error.log", log);
  model::Process master = process(10, 1, Role::kMaster);
  master.started = start;
  scene.with(master);
  if (held) {
    model::Process old = process(11, 10, Role::kShuttingDown);
    old.started = start;
    scene.with(old);
  }
  return scene;
}

}  // namespace

TEST_CASE("the fatal reload follows the formula k = ceil((1025 - W) / (2 W))") {
  CHECK(host(16, 0, false).facts().number("nchan.fatal_reload") == 32);
  CHECK(host(32, 0, false).facts().number("nchan.fatal_reload") == 16);
  CHECK(host(64, 0, false).facts().number("nchan.fatal_reload") == 8);
}

TEST_CASE("one held worker and twenty reloads leave twelve of thirty-two") {
  const auto facts = host(16, 20, true).facts();
  CHECK(facts.number("nchan.leaking") == 1);
  CHECK(facts.number("nchan.reloads_since_leak") == 20);
  CHECK(facts.number("nchan.reloads_left") == 12);
}

TEST_CASE("without a straggler nothing leaks") {
  const auto facts = host(16, 20, false).facts();
  CHECK(facts.number("nchan.leaking") == 0);
  CHECK(facts.number("nchan.reloads_left") == 32);
}

TEST_CASE("a leaving worker that died leaks as well, until the next restart") {
  Scene scene = host(16, 0, false);
  scene.with("error.log.1",
             "2026/04/22 08:51:00 [notice] 11#11: gracefully shutting down\n"
             "2026/04/22 08:51:05 [alert] 10#10: worker process 11 exited on signal 9\n"
             "2026/04/22 08:52:00 [notice] 10#10: reconfiguring\n");
  CHECK(scene.facts().number("nchan.reloads_since_leak") == 1);
}

TEST_CASE("without nchan there is no forecast") {
  CHECK(Scene()
            .with("nginx.conf", "worker_processes 4;\nevents {}\n")
            .facts()
            .find("nchan.fatal_reload") == nullptr);
}

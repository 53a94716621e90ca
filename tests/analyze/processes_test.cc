#include "libdiag/analyze/processes.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;
using model::Role;

TEST_CASE("roles are counted against worker_processes, zombies and orphans apart") {
  Scene scene;
  scene.with("nginx.conf", "worker_processes 2;\nevents {}\n");
  scene.with(process(10, 1, Role::kMaster))
      .with(process(11, 10, Role::kWorker))
      .with(process(12, 10, Role::kShuttingDown));
  scene.with(process(13, 77, Role::kWorker)).with(process(14, 10, Role::kUntitled));
  model::Process zombie = process(15, 10, Role::kOther);
  zombie.state = 'Z';
  scene.with(zombie);
  const auto facts = scene.facts();
  CHECK(facts.number("processes.total") == 6);
  CHECK(facts.number("processes.workers") == 2);
  CHECK(facts.number("processes.shutting_down") == 1);
  CHECK(facts.number("processes.untitled") == 1);
  CHECK(facts.number("processes.zombies") == 1);
  CHECK(facts.number("processes.orphans") == 1);
  CHECK(list(facts, "processes.orphan_pids").size() == 1);
  CHECK(facts.number("processes.expected") == 3);
  CHECK(facts.number("processes.times_expected") == 2);
  CHECK(facts.number("processes.missing_workers") == 0);
}

TEST_CASE("a master that waits on a futex is blocked, one that waits for signals is not") {
  model::Process master = process(10, 1, Role::kMaster);
  master.wchan = "futex_do_wait";
  CHECK(Scene().with(master).facts().number("processes.master.blocked") == 1);
  master.wchan = "do_sigsuspend";
  CHECK(Scene().with(master).facts().number("processes.master.blocked") == 0);
  master.wchan = "";
  CHECK(Scene().with(master).facts().find("processes.master.blocked") == nullptr);
}

TEST_CASE("worker_processes auto counts the CPUs of the host, when they are known") {
  Scene scene;
  scene.evidence.cpus = 8;
  scene.with("nginx.conf", "worker_processes auto;\nevents {}\n")
      .with(process(10, 1, Role::kMaster));
  CHECK(scene.facts().number("processes.expected") == 9);
}

TEST_CASE("a number of pgrep counts where no table is there") {
  const auto facts = Scene().with("ps.txt", "$ pgrep nginx | wc -l\n147\n").facts();
  CHECK(facts.number("processes.total") == 147);
}

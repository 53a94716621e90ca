#include "libdiag/analyze/generations.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;
using model::Role;

namespace {

using List = std::vector<std::string>;

model::Process worker(int64_t pid, Role role, base::CivilTime started) {
  model::Process out = process(pid, 10, role);
  out.started = started;
  return out;
}

constexpr const char* kTwoReloads =
    "2026/04/21 23:00:00 [notice] 10#10: nginx/1.22.1\n"
    "2026/04/21 23:10:00 [notice] 10#10: signal 1 (SIGHUP) received from 99, reconfiguring\n"
    "2026/04/21 23:20:00 [notice] 10#10: signal 1 (SIGHUP) received from 99, reconfiguring\n"
    "2026/04/21 23:20:05 [alert] 10#10: worker process 30 exited on signal 11\n"
    "2026/04/21 23:20:06 [alert] 10#10: worker process 31 exited on signal 11\n";

}  // namespace

TEST_CASE("workers belong to the reload before their start, deaths to the newest generation") {
  const auto at = [](const char* text) { return *base::parse_civil(text); };
  const auto facts = Scene()
                         .with("error.log", kTwoReloads)
                         .with(process(10, 1, Role::kMaster))
                         .with(worker(20, Role::kShuttingDown, at("2026-04-21 23:00:01")))
                         .with(worker(25, Role::kShuttingDown, at("2026-04-21 23:10:00")))
                         .with(worker(26, Role::kShuttingDown, at("2026-04-21 23:10:00")))
                         .with(worker(32, Role::kWorker, at("2026-04-21 23:20:06")))
                         .facts();
  CHECK(facts.number("generations.count") == 3);
  CHECK(list(facts, "generations.began") ==
        List{"2026-04-21 23:20:00", "2026-04-21 23:10:00", "2026-04-21 23:00:00"});
  CHECK(list(facts, "generations.serving") == List{"1", "0", "0"});
  CHECK(list(facts, "generations.leaving") == List{"0", "2", "1"});
  CHECK(list(facts, "generations.crashed") == List{"2", "0", "0"});
}

TEST_CASE("without notices workers that started together are a generation") {
  const auto at = [](const char* text) { return *base::parse_civil(text); };
  const auto facts = Scene()
                         .with(process(10, 1, Role::kMaster))
                         .with(worker(20, Role::kShuttingDown, at("2026-04-21 09:00:00")))
                         .with(worker(21, Role::kShuttingDown, at("2026-04-21 09:00:01")))
                         .with(worker(22, Role::kShuttingDown, at("2026-04-21 10:00:00")))
                         .with(worker(30, Role::kWorker, at("2026-04-21 11:00:00")))
                         // Replaces one that crashed: of the present generation all the same.
                         .with(worker(99, Role::kWorker, at("2026-04-21 11:30:00")))
                         .facts();
  CHECK(list(facts, "generations.began") ==
        List{"2026-04-21 11:00:00", "2026-04-21 10:00:00", "2026-04-21 09:00:00"});
  CHECK(list(facts, "generations.serving") == List{"2", "0", "0"});
  CHECK(list(facts, "generations.leaving") == List{"0", "1", "2"});
  CHECK(list(facts, "generations.crashed") == List{"(unknown)"});
}

TEST_CASE("of very many generations the newest are told, and the older counted with the last") {
  Scene scene;
  const base::CivilTime first = *base::parse_civil("2026-04-21 09:00:00");
  for (int i = 0; i < 40; ++i) scene.with(worker(100 + i, Role::kShuttingDown, first + i * 60));
  const auto facts = scene.with(process(10, 1, Role::kMaster)).facts();
  CHECK(facts.number("generations.count") == 40);
  const List leaving = list(facts, "generations.leaving");
  REQUIRE(leaving.size() == 24);
  CHECK(leaving.front() == "1");
  CHECK(leaving.back() == "17");
}

TEST_CASE("where nothing starts nothing is said") {
  CHECK(Scene().with("nginx.conf", "events {}\n").facts().find("generations.count") == nullptr);
}

#include "libdiag/analyze/crashes.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

namespace {
constexpr const char* kStorm =
    "2026/04/21 23:18:19 [notice] 812#812: signal process started\n"
    "ter process /usr/sbin/nginx -g daemon on; master_process on;: "
    "/build/nginx/debian/modules/nchan/src/store/memory/"
    "memstore.c:705: nchan_store_init_worker: Assertion `procslot_found == 1' failed.\n"
    "2026/04/21 23:18:20 [alert] 700#700: worker process 9001 exited on signal 6\n"
    "2026/04/21 23:18:20 [alert] 700#700: worker process 9002 exited on signal 6 (core dumped)\n"
    "2026/04/21 23:18:22 [alert] 700#700: worker process 9003 exited on signal 11\n";
}

TEST_CASE("crashes are counted by signal, with the first apart and the worst second") {
  const auto facts = Scene().with("error.log", kStorm).facts();
  CHECK(facts.number("deaths.total") == 3);
  CHECK(facts.number("deaths.by_signal.6") == 2);
  CHECK(facts.number("deaths.by_signal.11") == 1);
  CHECK(facts.number("deaths.core_dumped") == 1);
  CHECK(facts.number("deaths.first_signal") == 6);
  CHECK(facts.number("deaths.first_pid") == 9001);
  CHECK(facts.text("deaths.first") == "2026-04-21 23:18:20");
  CHECK(facts.number("deaths.peak_per_second") == 2);
  CHECK(facts.number("deaths.seconds") == 2);
}

TEST_CASE("an assertion without time is told with its function, and paired with its death") {
  const auto facts = Scene().with("error.log", kStorm).facts();
  CHECK(list(facts, "assertions.expressions") == Names{"procslot_found == 1"});
  CHECK(list(facts, "assertions.functions") == Names{"nchan_store_init_worker"});
  CHECK(list(facts, "assertions.modules") == Names{"nchan"});
  CHECK(list(facts, "assertions.lines") == Names{"memstore.c:705"});
  CHECK(facts.number("assertions.paired") == 1);
}

TEST_CASE("the same alert in two error logs is one death") {
  const std::string line =
      "2026/04/21 23:18:20 [alert] 700#700: worker process 9001 exited on signal 11\n";
  const auto facts = Scene().with("error.log", line).with("vhost-error.log", line).facts();
  CHECK(facts.number("deaths.total") == 1);
}

TEST_CASE("a kill is no crash, and an ordinary exit is neither") {
  const auto facts =
      Scene()
          .with("error.log",
                "2026/04/21 23:18:20 [alert] 7#7: worker process 91 exited on signal 9\n"
                "2026/04/21 23:18:21 [notice] 7#7: worker process 92 exited with code 0\n"
                "2026/04/21 23:18:22 [alert] 7#7: worker process 93 exited with fatal code 2 and "
                "cannot "
                "be respawned\n")
          .facts();
  CHECK(facts.number("deaths.total") == 0);
  CHECK(facts.number("deaths.killed") == 1);
  CHECK(facts.number("deaths.fatal") == 1);
  CHECK(facts.number("deaths.exit_code.0") == 1);
}

TEST_CASE("without an error log nothing is known of deaths") {
  const auto facts =
      Scene().with("nginx.conf", "events {}\nhttp { server { listen 80; } }\n").facts();
  CHECK(facts.find("deaths.total") == nullptr);
}

TEST_CASE("who was leaving is told by the log, where it shows notices") {
  const auto facts =
      Scene()
          .with("error.log",
                "2026/04/21 23:00:00 [notice] 7#7: start worker process 91\n"
                "2026/04/21 23:18:20 [notice] 91#91: gracefully shutting down\n"
                "2026/04/21 23:18:21 [alert] 7#7: worker process 91 exited on signal 11\n")
          .facts();
  CHECK(facts.number("deaths.leaving") == 1);
  CHECK(facts.number("deaths.young") == 0);
}

TEST_CASE("children killed after the master was told to stop are told apart") {
  const std::string stop =
      "2022/02/02 02:02:02 [notice] 1#1: signal 15 (SIGTERM) received from 4000, exiting\n"
      "2022/02/02 02:02:03 [alert] 1#1: worker process 8 exited on signal 9\n";
  const std::string again =
      "2022/02/02 02:03:00 [notice] 1#1: nginx/1.24.0\n"
      "2022/02/02 02:09:00 [alert] 1#1: worker process 9 exited on signal 9\n";
  const auto facts = Scene().with("error.log", stop + again).facts();
  CHECK(facts.number("deaths.killed") == 2);
  CHECK(facts.number("deaths.killed_at_stop") == 1);
  CHECK_FALSE(Scene().with("error.log", again).facts().find("deaths.killed_at_stop"));
}

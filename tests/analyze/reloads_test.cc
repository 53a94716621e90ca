#include "libdiag/analyze/reloads.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("the two notices of one reload are one reload") {
  const auto facts = Scene()
                         .with("error.log",
                               "2026/04/21 23:00:00 [notice] 7#7: signal 1 (SIGHUP) received from "
                               "99, reconfiguring\n"
                               "2026/04/21 23:00:00 [notice] 7#7: reconfiguring\n"
                               "2026/04/21 23:00:30 [notice] 7#7: signal 1 (SIGHUP) received from "
                               "99, reconfiguring\n"
                               "2026/04/21 23:00:30 [notice] 7#7: reconfiguring\n")
                         .facts();
  CHECK(facts.number("reloads.total") == 2);
  CHECK(facts.number("reloads.peak_per_minute") == 2);
  CHECK(facts.text("reloads.last") == "2026-04-21 23:00:30");
}

TEST_CASE("at the default level reloads leave no trace: their number is unknown, not zero") {
  const auto facts = Scene()
                         .with("error.log",
                               "2026/04/21 23:00:00 [error] 9#9: *1 open() \"/x\" failed (2: No "
                               "such file or directory)\n")
                         .facts();
  CHECK(facts.find("reloads.total") == nullptr);
  CHECK(facts.number("reloads.visible") == 0);
}

TEST_CASE("an emergency of the running master is a refused reload, one of a config test is not") {
  const auto refused = Scene()
                           .with("error.log",
                                 "2026/04/21 23:00:00 [notice] 7#7: reconfiguring\n"
                                 "2026/04/21 23:00:00 [emerg] 7#7: open() \"/var/log/a.log\" "
                                 "failed (24: Too many open files)\n")
                           .facts();
  CHECK(refused.number("reloads.refused") == 1);
  const auto test = Scene()
                        .with("error.log",
                              "2026/04/21 23:00:00 [notice] 7#7: reconfiguring\n"
                              "2026/04/21 23:05:00 [emerg] 991#991: unknown directive \"x\" in "
                              "/etc/nginx/nginx.conf:3\n")
                        .facts();
  CHECK(test.number("reloads.refused") == 0);
}

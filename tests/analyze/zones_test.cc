#include "libdiag/analyze/zones.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("a zone left locked names its module and pairs with the dead pid") {
  const auto facts =
      Scene()
          .with(
              "error.log",
              "2026/04/21 23:18:20 [alert] 7#7: worker process 91 exited on signal 6\n"
              "2026/04/21 23:18:20 [alert] 7#7: shared memory zone \"memstore\" was locked by 91\n"
              "2026/04/21 23:18:21 [alert] 7#7: shared memory zone \"memstore\" was locked by 92\n")
          .facts();
  CHECK(facts.number("zones.lock_lines") == 2);
  CHECK(facts.number("zones.paired") == 1);
  CHECK(list(facts, "zones.locked") == Names{"memstore"});
  CHECK(list(facts, "zones.modules") == Names{"nchan"});
  CHECK(facts.number("zones.locked_count.nchan") == 2);
}

TEST_CASE("a name that only the configuration knows is found there") {
  const auto facts =
      Scene()
          .with("nginx.conf", "events {}\nhttp { lua_shared_dict sessions 1m; }\n")
          .with(
              "error.log",
              "2026/04/21 23:18:20 [alert] 7#7: shared memory zone \"sessions\" was locked by 91\n")
          .facts();
  CHECK(list(facts, "zones.modules") == Names{"lua"});
}

TEST_CASE("a holder killed by signal 9 is said apart: the zone's owner need not be guilty") {
  const auto facts =
      Scene()
          .with(
              "error.log",
              "2026/04/21 23:18:20 [alert] 7#7: worker process 91 exited on signal 9\n"
              "2026/04/21 23:18:20 [alert] 7#7: shared memory zone \"memstore\" was locked by 91\n")
          .facts();
  CHECK(facts.number("zones.killed_holders") == 1);
}

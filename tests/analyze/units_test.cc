#include "libdiag/analyze/units.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("systemd's kills and time-outs are counted") {
  const auto facts =
      Scene()
          .with("journal.txt",
                "Apr 21 23:18:20 web1 systemd[1]: nginx.service: State 'stop-sigterm' timed out. "
                "Killing.\n"
                "Apr 21 23:18:20 web1 systemd[1]: nginx.service: Killing process 812 (nginx) with "
                "signal SIGKILL.\n"
                "Apr 21 23:18:20 web1 systemd[1]: nginx.service: Failed with result 'timeout'.\n")
          .facts();
  CHECK(facts.number("unit.stop_timeouts") == 1);
  CHECK(facts.number("unit.sigkills") == 1);
  CHECK(facts.number("unit.failed") == 1);
  CHECK(list(facts, "unit.killed_pids") == Names{"812"});
  CHECK(facts.number("unit.ends_started") == 0);
}

#include "libdiag/analyze/log_quality.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("the span of the log and its emergencies are told") {
  const auto facts = Scene()
                         .with("error.log",
                               "2026/04/21 23:00:00 [emerg] 7#7: unknown directive \"x\" in "
                               "/etc/nginx/nginx.conf:3\n"
                               "2026/04/21 23:00:05 [emerg] 8#8: unknown directive \"x\" in "
                               "/etc/nginx/nginx.conf:3\n")
                         .facts();
  CHECK(facts.number("log.lines") == 2);
  CHECK(facts.text("log.first") == "2026-04-21 23:00:00");
  CHECK(list(facts, "log.emergencies").size() == 1);
  CHECK(facts.number("log.forged") == 0);
}

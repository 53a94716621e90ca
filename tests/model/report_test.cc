#include "libdiag/model/report.h"

#include <doctest/doctest.h>

using namespace ngxdiag::model;

TEST_CASE("severities have names that read back") {
  CHECK(severity_by_name("critical") == Severity::kCritical);
  CHECK_FALSE(severity_by_name("loud"));
  CHECK(verdict_name(Verdict::kUnknown) == "unknown");
}

#include "libdiag/render/nagios.h"

#include <doctest/doctest.h>

#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("one line, text then perfdata") {
  CHECK(render_nagios(storm_report()) ==
        "NGINX CRITICAL - Nchan has no worker slot left after 14 reloads (99 %) | critical=3;;0;0 "
        "warning=0;0;;0\n");
}

TEST_CASE("nothing of the evidence can begin the perfdata or a second line") {
  model::Report report;
  report.verdict = model::Verdict::kOk;
  report.summary = "all | well\nsecond";
  CHECK(render_nagios(report) == "NGINX OK - all / well second | critical=0;;0;0 warning=0;0;;0\n");
}

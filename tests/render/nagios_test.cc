#include "libdiag/render/nagios.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("one line, text then perfdata") {
  CHECK(render_nagios(storm_report()) ==
        "NGINX CRITICAL - Nchan has no worker slot left after 14 reloads (99 %) | critical=3;;0;0 "
        "warning=0;0;;0 deaths=2361;;;0 confidence=99%;;;0;100\n");
}

TEST_CASE("a crossed limit stands in the text, and every limit in the perfdata") {
  model::Report report = storm_report();
  report.facts.put("processes.total", int64_t{147}, {at("ps.txt", 1)}, "processes");
  const std::string line = render_nagios(report, model::Verdict::kWarning,
                                         {{"processes", "100", "200", true},
                                          {"deaths", "", "5000", false},
                                          {"workers", "1:", "", true}});
  CHECK(
      line ==
      "NGINX WARNING - 147 nginx processes, zombies included; Nchan has no worker slot left after "
      "14 reloads (99 %) | critical=3;;0;0 warning=0;0;;0 processes=147;100;200;0 "
      "deaths=2361;;5000;0 confidence=99%;;;0;100\n");
}

TEST_CASE("nothing of the evidence can begin the perfdata or a second line") {
  model::Report report;
  report.verdict = model::Verdict::kOk;
  report.summary = "all | well\nsecond";
  CHECK(render_nagios(report) == "NGINX OK - all / well second | critical=0;;0;0 warning=0;0;;0\n");
}

TEST_CASE("numbers of several nginx are one: the sum, the oldest, the fewest reloads left") {
  model::Report report;
  for (const auto& [name, value] : {std::pair{"a.processes.workers", 2},
                                    {"b.processes.workers", 3},
                                    {"a.stale.oldest_age", 5},
                                    {"b.stale.oldest_age", 9},
                                    {"a.nchan.reloads_left", 4},
                                    {"b.nchan.reloads_left", 30}})
    report.facts.put(name, int64_t{value}, {at("ps.txt", 1)}, "x");
  const std::string line = render_nagios(report);
  for (const char* part : {" workers=5;", " stale_age=9s;", " reloads_left=4;"})
    CHECK_MESSAGE(base::contains(line, part), line);
}

#include "libdiag/render/prometheus.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("verdict, time, findings and facts, each with help and type") {
  model::Report report = storm_report();
  report.facts.put("processes.shutting_down", int64_t{106}, {at("ps.txt", 6)}, "processes");
  report.facts.put("deaths.by_signal.6", int64_t{2361}, {at("error.log", 6)}, "crashes");
  report.facts.put("deaths.by_signal.11", int64_t{0}, {at("error.log", 6)}, "crashes");
  report.facts.put("processes.master.blocked", true, {at("ps.txt", 6)}, "processes");
  report.facts.put("nchan.reloads_left", int64_t{3}, {at("ps.txt", 6)}, "nchan_forecast");
  report.seconds = 0.25;
  const std::string text = render_prometheus(report);
  for (const char* line :
       {"# HELP ngxdiag_verdict The verdict: 1 for the one that holds, 0 for the others.",
        "# TYPE ngxdiag_verdict gauge", "ngxdiag_verdict{verdict=\"critical\"} 1",
        "ngxdiag_verdict{verdict=\"ok\"} 0", "ngxdiag_scan_timestamp_seconds 1776841200",
        "ngxdiag_scan_duration_seconds 0.2500", "ngxdiag_findings{severity=\"critical\"} 3",
        "ngxdiag_finding_confidence{rule=\"nchan-worker-slots-exhausted\",kind=\"cause\",cause="
        "\"nchan-worker-slots-exhausted\",component=\"nchan\",severity=\"critical\",explained_by="
        "\"\",nginx=\"\"} 0.9900",
        "ngxdiag_symptom{symptom=\"acme-504\",severity=\"warning\",explained_by=\"no-worker-"
        "serves\"} 1",
        "ngxdiag_not_observed 1", "ngxdiag_processes{state=\"shutting_down\"} 106",
        "ngxdiag_deaths{signal=\"11\"} 0", "ngxdiag_deaths{signal=\"6\"} 2361",
        "ngxdiag_master_blocked 1", "ngxdiag_nchan_reloads_left 3"})
    CHECK_MESSAGE(base::contains(text, std::string(line) + "\n"), line);
}

TEST_CASE("what is unknown is left out, not zero") {
  const std::string text = render_prometheus({});
  CHECK(!base::contains(text, "ngxdiag_processes"));
  CHECK(!base::contains(text, "ngxdiag_scan"));
  CHECK(base::contains(text, "ngxdiag_verdict{verdict=\"unknown\"} 1\n"));
  model::Report report;
  report.generated = "yesterday";
  CHECK(!base::contains(render_prometheus(report), "timestamp"));
}

TEST_CASE("the same sample never stands twice") {
  model::Report report = storm_report();
  report.findings.push_back(report.findings[0]);
  report.findings.back().confidence = 0.5;
  const std::string text = render_prometheus(report);
  const std::string name = "ngxdiag_finding_confidence{rule=\"nchan-worker-slots-exhausted\"";
  CHECK(text.find(name) == text.rfind(name));
  CHECK(base::contains(text, " 0.9900\n"));
}

TEST_CASE("nothing in a label ends it") {
  CHECK(prometheus_label("a\"b\\c\nd\x1b\xff\t") == "a\\\"b\\\\c\\nd\\\\x1b\\\\xff ");
}

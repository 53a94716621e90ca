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

TEST_CASE("workers by state and generation, and when certificates end") {
  using List = std::vector<std::string>;
  model::Report report;
  report.facts.put("generations.serving", List{"16", "0", "0"}, {at("ps.txt", 6)}, "generations");
  report.facts.put("generations.leaving", List{"0", "0", "9"}, {at("ps.txt", 6)}, "generations");
  report.facts.put("cert_ends.disk./etc/ssl/a b.pem", std::string("2026-07-20 10:00:00"),
                   {at("nginx.conf", 6)}, "certificate_ends");
  report.facts.put("cert_ends.served.example.org", std::string("2026-04-23 10:00:00"),
                   {at("nginx.conf", 6)}, "certificate_ends");
  const std::string text = render_prometheus(report);
  for (const char* line :
       {"ngxdiag_workers{state=\"serving\",generation=\"0\"} 16",
        "ngxdiag_workers{state=\"shutting_down\",generation=\"0\"} 0",
        "ngxdiag_workers{state=\"shutting_down\",generation=\"2\"} 9",
        "ngxdiag_certificate_expiry_timestamp_seconds{file=\"/etc/ssl/a b.pem\"} 1784541600",
        "ngxdiag_served_certificate_expiry_timestamp_seconds{name=\"example.org\"} 1776938400"})
    CHECK_MESSAGE(base::contains(text, std::string(line) + "\n"), line);
  CHECK_FALSE(base::contains(text, "generation=\"1\""));
}

TEST_CASE("each of several nginx has its own samples") {
  model::Report report;
  report.facts.put("master 7.processes.workers", int64_t{2}, {at("ps.txt", 6)}, "processes");
  report.facts.put("master 8.processes.workers", int64_t{4}, {at("ps.txt", 6)}, "processes");
  report.facts.put("master 8.stale.oldest_age", int64_t{9}, {at("ps.txt", 6)}, "stale_workers");
  const std::string text = render_prometheus(report);
  for (const char* line : {"ngxdiag_processes{state=\"serving\",nginx=\"master 7\"} 2",
                           "ngxdiag_processes{state=\"serving\",nginx=\"master 8\"} 4",
                           "ngxdiag_stale_worker_age_seconds{nginx=\"master 8\"} 9"})
    CHECK_MESSAGE(base::contains(text, std::string(line) + "\n"), line);
}

TEST_CASE("findings by cause count those that are more likely than not") {
  const std::string text = render_prometheus(storm_report());
  CHECK(base::contains(
      text, "ngxdiag_causes{cause=\"nchan-worker-slots-exhausted\",component=\"nchan\"} 1\n"));
  CHECK_FALSE(base::contains(text, "ngxdiag_causes{cause=\"package-abi-break\""));
}

#include "libdiag/render/json.h"

#include <doctest/doctest.h>

#include "libdiag/json/parse.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("the report has every member of ngxdiag.report/1") {
  const json::Node report = json::parse(render_json(storm_report()), "report");
  for (const char* name : {"schema", "generated", "host", "verdict", "findings", "symptoms",
                           "next_checks", "timeline", "facts", "not_observed"})
    CHECK_MESSAGE(report.find(name), name);
  CHECK(report.find("schema")->as_string() == "ngxdiag.report/1");
  CHECK(report.find("verdict")->as_string() == "critical");
  const json::Node& first = report.find("findings")->items()[0];
  CHECK(first.find("id")->as_string() == "nchan-worker-slots-exhausted");
  CHECK(first.find("confidence")->as_number() == doctest::Approx(0.99));
  const json::Node& evidence = first.find("evidence")->items()[1];
  CHECK(evidence.find("weight")->as_number() == 20);
  CHECK(evidence.find("source")->find("line")->as_integer() == 120);
  CHECK(evidence.find("source")->find("time")->as_string() == "2026-04-21T23:18:20");
  CHECK(evidence.find("source")->find("pid")->as_integer() == 812);
  CHECK(first.find("evidence")->items()[0].find("source")->find("time")->is_null());
  CHECK(report.find("findings")->items()[1].find("explained_by")->as_string() ==
        "nchan-worker-slots-exhausted");
  CHECK(report.find("facts")->find("deaths.total")->find("value")->as_integer() == 2361);
}

TEST_CASE("the same report gives the same bytes, and bytes that are no text stay valid JSON") {
  model::Report report = storm_report();
  report.findings[0].evidence[0].says = "bad \xff\xfe \x1b bytes";
  CHECK(render_json(report) == render_json(report));
  const json::Node node = json::parse(render_json(report), "report");
  CHECK(node.find("findings")
            ->items()[0]
            .find("evidence")
            ->items()[0]
            .find("says")
            ->as_string()
            .find("bad \xef\xbf\xbd") == 0);
}

TEST_CASE("an empty report is a whole one") {
  const json::Node report = json::parse(render_json({}), "report");
  CHECK(report.find("verdict")->as_string() == "unknown");
  CHECK(report.find("findings")->is_array());
  CHECK(report.find("facts")->is_object());
}

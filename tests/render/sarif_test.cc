#include "libdiag/render/sarif.h"

#include <doctest/doctest.h>

#include "libdiag/json/parse.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("a result for each finding, at the lines of its evidence, the strongest first") {
  const json::Node log = json::parse(render_sarif(storm_report()), "sarif");
  CHECK(log.find("version")->as_string() == "2.1.0");
  const json::Node& run = log.find("runs")->items()[0];
  CHECK(run.find("tool")->find("driver")->find("rules")->size() == 4);
  REQUIRE(run.find("results")->size() == 4);
  const json::Node& first = run.find("results")->items()[0];
  CHECK(first.find("ruleId")->as_string() == "nchan-worker-slots-exhausted");
  CHECK(first.find("level")->as_string() == "error");
  CHECK(first.find("rank")->as_number() == 99);
  const json::Node* place = first.find("locations")->items()[0].find("physicalLocation");
  CHECK(place->find("artifactLocation")->find("uri")->as_string() == "error.log");
  CHECK(place->find("region")->find("startLine")->as_integer() == 119);
}

TEST_CASE("two findings of one rule share its entry") {
  model::Report report = storm_report();
  report.findings.push_back(report.findings[0]);
  const json::Node log = json::parse(render_sarif(report), "sarif");
  const json::Node& run = log.find("runs")->items()[0];
  CHECK(run.find("tool")->find("driver")->find("rules")->size() == 4);
  CHECK(run.find("results")->items()[4].find("ruleIndex")->as_integer() == 0);
}

TEST_CASE("paths as URI references") {
  CHECK(path_uri("/etc/nginx/a b%.conf") == "file:///etc/nginx/a%20b%25.conf");
  CHECK(path_uri("log:\xff<\"") == "log%3A%FF%3C%22");
}

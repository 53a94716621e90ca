#include "libdiag/render/config_sarif.h"

#include <doctest/doctest.h>

#include "libdiag/json/parse.h"
#include "tests/render/config_report.h"

namespace ngxdiag::render {

TEST_CASE("SARIF has a result at file, line and column, and suppressions of their kind") {
  const json::Node node = json::parse(render_config_sarif(config_report()), "test");
  CHECK(node.find("version")->as_string() == "2.1.0");
  const json::Node& run = node.find("runs")->items().front();
  const auto& results = run.find("results")->items();
  REQUIRE(results.size() == 2);
  const json::Node& region =
      *results[0].find("locations")->items().front().find("physicalLocation")->find("region");
  CHECK(region.find("startLine")->as_integer() == 12);
  CHECK(region.find("startColumn")->as_integer() == 5);
  CHECK(results[0].find("level")->as_string() == "error");
  CHECK_FALSE(results[0].find("suppressions"));
  CHECK(results[1].find("suppressions")->items().front().find("kind")->as_string() == "inSource");
  CHECK(run.find("tool")->find("driver")->find("rules")->size() == 1);
}

}  // namespace ngxdiag::render

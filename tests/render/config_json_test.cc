#include "libdiag/render/config_json.h"

#include <doctest/doctest.h>

#include "libdiag/json/parse.h"
#include "tests/render/config_report.h"

namespace ngxdiag::render {

TEST_CASE("the JSON has every finding with its place, and what was put aside with its reason") {
  const json::Node node = json::parse(render_config_json(config_report()), "test");
  CHECK(node.find("schema")->as_string() == "ngxdiag.config/1");
  CHECK(node.find("verdict")->as_string() == "critical");
  const json::Node& finding = node.find("findings")->items().front();
  CHECK(finding.find("place")->find("line")->as_integer() == 12);
  CHECK(finding.find("fix")->size() == 3);
  CHECK(finding.find("related")->size() == 1);
  CHECK(node.find("suppressed")->items().front().find("reason")->as_string() ==
        "the files are public");
  CHECK(node.find("not_observed")->size() == 1);
}

}  // namespace ngxdiag::render

#include "libdiag/pipeline/knowledge.h"

#include <doctest/doctest.h>

#include "libdiag/base/error.h"

using namespace ngxdiag;
using namespace ngxdiag::pipeline;

TEST_CASE("tables are read, comments and short lines left out") {
  const auto witnesses = read_witnesses("# a comment\nzone\tmemstore\tnchan\nshort\tline\n");
  REQUIRE(witnesses.size() == 1);
  CHECK(witnesses[0].slug == "nchan");
}

TEST_CASE("a threshold without a reason is refused with its place") {
  CHECK(read_thresholds("{\"a\": {\"value\": 60, \"because\": \"so\"}}", "t.json").at("a") == 60);
  CHECK_THROWS_AS(read_thresholds("{\"a\": {\"value\": 60}}", "t.json"), base::UserError);
}

TEST_CASE("the shipped knowledge loads") {
  const Knowledge knowledge = load_knowledge();
  CHECK(knowledge.rules.rules.size() > 10);
  CHECK_FALSE(knowledge.tables.witnesses.empty());
  CHECK(knowledge.tables.owner("zone", "memstore") == "nchan");
}

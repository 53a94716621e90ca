#include "libdiag/render/generations.h"

#include <doctest/doctest.h>

#include "libdiag/base/time.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

namespace {

using List = std::vector<std::string>;

void put(model::FactSet& facts, const std::string& name, List list) {
  facts.put(name, std::move(list), {at("ps.txt", 6)}, "generations");
}

}  // namespace

TEST_CASE("lists side by side are rows, the oldest first") {
  model::FactSet facts;
  put(facts, "generations.began", {"2026-04-21 23:18:20", "2026-04-21 23:18:15"});
  put(facts, "generations.serving", {"16", "0"});
  put(facts, "generations.leaving", {"0", "7"});
  const auto all = generations(facts);
  REQUIRE(all.size() == 1);
  CHECK(all[0].instance == "");
  REQUIRE(all[0].rows.size() == 2);
  CHECK(all[0].rows[0].began == base::parse_civil("2026-04-21 23:18:15"));
  CHECK(all[0].rows[0].replaced == base::parse_civil("2026-04-21 23:18:20"));
  CHECK(fate(all[0].rows[0]) == "7 still leaving");
  CHECK_FALSE(all[0].rows[1].replaced);
  CHECK(fate(all[0].rows[1]) == "16 serving");
  CHECK_FALSE(all[0].rows[1].crashed);
}

TEST_CASE("each nginx has its own; what is unknown is said so; nonsense is left out") {
  model::FactSet facts;
  put(facts, "master 7.generations.began", {"2026-04-21 23:18:20"});
  put(facts, "master 8.generations.began", {"2026-04-21 23:18:20", "soon"});
  put(facts, "master 8.generations.serving", {"0"});
  put(facts, "master 8.generations.leaving", {"0"});
  put(facts, "master 9.generations.began", {"never"});
  const auto all = generations(facts);
  REQUIRE(all.size() == 2);
  CHECK(all[0].instance == "master 7");
  CHECK(fate(all[0].rows[0]) == "unknown");
  CHECK(all[1].rows.size() == 1);
  CHECK(fate(all[1].rows[0]) == "gone");
}

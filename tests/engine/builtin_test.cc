#include "libdiag/engine/builtin.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "libdiag/base/builtin_data.h"

using namespace ngxdiag::engine;

TEST_CASE("the rules are in the program, in path order and marked as proven") {
  const std::vector<RuleText> rules = builtin_rules();
  CHECK(std::is_sorted(rules.begin(), rules.end(),
                       [](const RuleText& a, const RuleText& b) { return a.where < b.where; }));
  const auto crash = std::find_if(rules.begin(), rules.end(), [](const RuleText& rule) {
    return rule.where == "rules/causes/nginx/module-crash-undetermined.json";
  });
  REQUIRE(crash != rules.end());
  CHECK(crash->proven);
  CHECK(crash->text.substr(0, 2) == "{\n");
  CHECK(crash->text.substr(crash->text.size() - 2) == "}\n");
}

TEST_CASE("a data file that is not there is empty") {
  CHECK(ngxdiag::base::builtin_data("no-such-file.tsv").empty());
}

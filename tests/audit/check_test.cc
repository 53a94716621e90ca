#include "libdiag/audit/check.h"

#include <doctest/doctest.h>

#include <set>

#include "libdiag/base/error.h"
#include "tests/audit/support.h"

namespace ngxdiag::audit {
namespace {

const std::string kGood =
    R"({"id": "x", "group": "g", "severity": "info", "title": "t", "explanation": "e", "says": "s",
 "fix": "f", "find": {"directive": "a", "where": {"args": "^on$"}}, "references": "r",
 "examples": [{"name": "n", "fires": true, "config": "a on;"}, {"name": "m", "fires": false, "config": "a off;"}]})";

std::string with(const std::string& from, const std::string& to) {
  std::string text = kGood;
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a check finds the directives that its condition holds for") {
  const Check check = read_check(kGood, "x.json");
  const Parsed p("a on;\na off;\nb { a on; }\n");
  const Host host;
  const auto hits = find_hits({p.tree, host, check});
  REQUIRE(hits.size() == 2);
  CHECK(p.tree.at(hits[1].node).line == 3);
}

TEST_CASE("mistakes in a check are named with their place") {
  CHECK_THROWS_AS(read_check(kGood, "y.json"), base::UserError);
  CHECK_THROWS_AS(read_check(with("\"info\"", "\"bad\""), "x.json"), base::UserError);
  CHECK_THROWS_AS(read_check(with("\"args\"", "\"argz\""), "x.json"), base::UserError);
  CHECK_THROWS_AS(read_check(with("^on$", "("), "x.json"), base::UserError);
  CHECK_THROWS_AS(read_check(with("\"fires\": false", "\"fires\": true"), "x.json"),
                  base::UserError);
  CHECK_THROWS_AS(
      read_check(with("{\"args\": \"^on$\"}", "{\"arg\": 0, \"below\": \"p\"}"), "x.json"),
      base::UserError);
  CHECK_THROWS_AS(read_check(with("\"find\"", "\"detect\": \"nothing\", \"find\""), "x.json"),
                  base::UserError);
}

TEST_CASE("the built-in checks are read and have names of their own") {
  std::set<std::string> ids;
  for (const Check& check : builtin_checks()) {
    CHECK(ids.insert(check.id).second);
    CHECK_FALSE(check.fix.empty());
    for (const auto& [name, param] : check.params) CHECK_FALSE(param.because.empty());
  }
  CHECK(ids.count("alias-traversal") == 1);
}

}  // namespace ngxdiag::audit

#include "libdiag/engine/rule_reader.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "libdiag/base/text.h"
#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;
using ngxdiag::base::contains;

namespace {

// The message that loading rule "r" with these members gives.
std::string error(const std::string& more) { return load_error(rule_json("r", more)); }

Rule read(const std::string& more) { return rules({rule_json("r", more)}).rules.front(); }

}  // namespace

TEST_CASE("every member arrives") {
  const Rule rule = read(R"json(
    "kind": "forecast", "group": "crash", "severity": "critical",
    "params": {"many": {"value": 2.5, "because": "so"}},
    "lines": {"hit": {"in": ["error_log", "text"], "contains": "x", "regex": "x(y)", "levels": ["crit"]}},
    "prior": {"db": -10, "because": "rare"},
    "evidence": [{"when": {"line": "hit", "at_least": "many"}, "weight": 12, "says": "{line.hit.1}"}],
    "against": [{"when": {"module": "lua"}, "weight": -3, "says": "no"}],
    "explains": ["e"], "supersedes": ["s"], "references": ["https://nginx.org/"],
    "checks": [{"when": {"unknown": "limits.nofile"}, "says": "s", "command": "c"}],
    "fixes": [{"title": "t", "commands": ["c1", "c2"], "impact": "i", "undo": "u", "verify": "v", "when": {"line": "hit"}}],
    "examples": [{"name": "n", "fires": true, "first": true, "facts": {"line.hit": 3, "zones.locked": ["a"]}},
                 {"name": "m", "fires": false, "files": {"error.log": "text\n"}}])json");
  CHECK(rule.kind == "forecast");
  CHECK(rule.group == "crash");
  CHECK(rule.severity == ngxdiag::model::Severity::kCritical);
  CHECK(rule.params.at("many") == 2.5);
  REQUIRE(rule.lines.size() == 1);
  CHECK(rule.lines[0].in.size() == 2);
  CHECK(rule.lines[0].regex == "x(y)");
  CHECK(rule.lines[0].levels == std::vector<std::string>{"crit"});
  CHECK(rule.prior == -10);
  CHECK(rule.evidence.at(0).weight == 12);
  CHECK(rule.against.at(0).weight == -3);
  CHECK(rule.checks.at(0).command == "c");
  CHECK(rule.fixes.at(0).fix.commands.size() == 2);
  CHECK(rule.fixes.at(0).when != nullptr);
  CHECK(rule.examples.at(0).first);
  CHECK(rule.examples.at(0).facts.at("line.r.hit") == number(3));
  CHECK(rule.examples.at(0).facts.at("zones.locked") == list({"a"}));
  CHECK(rule.examples.at(1).files.at("error.log") == "text\n");
}

TEST_CASE("a pattern's fact may be named in full") {
  const Rule rule = read(R"("lines": {"hit": {"contains": "x"}}, "title": "{line.r.hit} times",
    "examples": [{"name": "n", "fires": true, "facts": {"line.r.hit.1": "y"}}])");
  CHECK(rule.examples.at(0).facts.count("line.r.hit.1") == 1);
  CHECK(contains(error(R"("lines": {"hit": {"contains": "x"}}, "title": "{line.s.hit} times")"),
                 "no analyzer declares the fact \"line.s.hit\""));
}

TEST_CASE("a last resort stands in for a group") {
  CHECK(read(R"("group": "crash", "last_resort": true)").last_resort);
  CHECK(contains(error(R"("last_resort": true)"), "a last resort needs a group or lines"));
}

TEST_CASE("kind is cause unless said otherwise") { CHECK(read("").kind == "cause"); }

TEST_CASE("the id is the file's name") {
  CHECK(load_error(rule_json("r"), "rules/causes/nginx/r.json") == "");
  CHECK(contains(load_error(rule_json("r"), "rules/causes/nginx/s.json"),
                 "the id \"r\" is not the file's name"));
}

TEST_CASE("unknown members are mistakes anywhere") {
  CHECK(contains(error(R"("evidnce": [])"), "unknown member \"evidnce\""));
  CHECK(contains(error(R"("evidnce": [])"), "did you mean \"evidence\"?"));
  CHECK(contains(error(R"("prior": {"db": 0, "why": "x"})"), "unknown member \"why\""));
  CHECK(contains(error(R"("params": {"p": {"value": 1, "becuase": "x"}})"),
                 "did you mean \"because\"?"));
  CHECK(contains(error(R"("lines": {"l": {"contains": "x", "regexp": "x"}})"),
                 "did you mean \"regex\"?"));
  CHECK(contains(error(R"("fixes": [{"title": "t", "command": "x"}])"),
                 "did you mean \"commands\"?"));
  CHECK(contains(error(R"("examples": [{"name": "n", "fire": true}])"), "did you mean \"fires\"?"));
}

TEST_CASE("what is needed and missing or of another kind is told") {
  CHECK(contains(load_error(R"({"id": "r"})"), "\"cause\" is missing"));
  CHECK(contains(load_error("[]"), "an object is needed here, not an array"));
  CHECK(contains(error(R"("title": "")"), "\"title\" needs a text"));
  CHECK(contains(error(R"("severity": "criticl")"), "did you mean \"critical\"?"));
  CHECK(contains(error(R"("kind": "foo")"), "it may be: cause, symptom, forecast, advisory"));
  CHECK(contains(error(R"("component": "Nginx Core")"), "is a slug"));
  CHECK(contains(error(R"("explains": "x")"), "\"explains\" needs a list"));
  CHECK(contains(error(R"("explains": [1])"), "holds texts only"));
  CHECK(contains(error(R"("prior": {"db": "many"})"), "\"db\" needs a number"));
  CHECK(contains(error(R"("evidence": [{"weight": 1, "says": "x"}])"), "\"when\" is missing"));
  CHECK(contains(error(R"("examples": [{"name": "n", "fires": true}])"),
                 "either \"files\" or \"facts\""));
  CHECK(
      contains(error(R"("examples": [{"name": "n", "fires": true, "facts": {"deaths.totl": 1}}])"),
               "did you mean \"deaths.total\"?"));
}

TEST_CASE("patterns name kinds and levels that exist, and valid expressions") {
  CHECK(contains(error(R"("lines": {"l": {"contains": "x", "in": ["eror_log"]}})"),
                 "unknown kind of evidence \"eror_log\""));
  CHECK(contains(error(R"("lines": {"l": {"contains": "x", "in": ["eror_log"]}})"),
                 "did you mean \"error_log\"?"));
  CHECK(contains(error(R"("lines": {"l": {"contains": "x", "levels": ["fatal"]}})"),
                 "nginx has no level \"fatal\""));
  CHECK(contains(error(R"("lines": {"l": {"contains": "x", "regex": "("}})"),
                 "not a valid regular expression"));
  CHECK(contains(error(R"("lines": {"l": {"regex": "x"}})"), "\"contains\" is missing"));
  CHECK(contains(error(R"("lines": {"a.b": {"contains": "x"}})"), "the name of a pattern"));
  CHECK(read(R"("lines": {"l": {"contains": "x", "in": ["maps", "limits"]}})").lines[0].in.size() ==
        2);
}

TEST_CASE("weights have the sign of their side") {
  CHECK(contains(
      error(
          R"("evidence": [{"when": {"line": "l"}, "weight": -1, "says": "x"}], "lines": {"l": {"contains": "x"}})"),
      "put it under \"against\""));
  CHECK(contains(error(R"("against": [{"when": {"module": "x"}, "weight": 1, "says": "x"}])"),
                 "put it under \"evidence\""));
}

TEST_CASE("places are checked in every sentence and command") {
  CHECK(contains(error(R"("title": "{deaths.totl} died")"), "did you mean \"deaths.total\"?"));
  CHECK(contains(error(R"("explanation": "a { b")"), "write {{ for a brace"));
  CHECK(contains(error(R"("checks": [{"says": "{line.hit}", "command": "c"}])"),
                 "declare the pattern"));
  CHECK(contains(error(R"("checks": [{"says": "s", "command": "grep '{zones.locked}' x"}])"),
                 "stands inside quotes of a command"));
  CHECK(contains(error(R"("fixes": [{"title": "t", "commands": ["echo \"{zones.locked}\""]}])"),
                 "every value brings its own"));
}

TEST_CASE("the expressions of proven rules are not compiled at loading") {
  const std::string text = rule_json("r", R"("requires": {"stack": "("})");
  CHECK(load_rules({{"r.json", text, true}}, known_facts()).rules.size() == 1);
  CHECK(contains(load_error(text), "not a valid regular expression"));
}

TEST_CASE("the rule in docs/rule-format.md loads, and the page names every member") {
  const char* root = std::getenv("NGXDIAG_SOURCE_ROOT");
  REQUIRE(root);
  std::ifstream file(std::string(root) + "/docs/rule-format.md");
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  const size_t begin = text.find("```json\n");
  REQUIRE(begin != std::string::npos);
  const std::string rule = text.substr(begin + 8, text.find("```", begin + 8) - begin - 8);
  CHECK(load_error(rule, "open-file-limit.json") == "");
  for (const char* member :
       {"id",       "cause",    "component",  "kind",   "group",    "last_resort",
        "severity", "params",   "lines",      "prior",  "requires", "evidence",
        "against",  "explains", "supersedes", "checks", "fixes",    "examples",
        "in",       "contains", "regex",      "levels"}) {
    CAPTURE(member);
    CHECK(contains(text, "`" + std::string(member) + "`"));
  }
}

#include "libdiag/engine/condition_reader.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "libdiag/json/parse.h"
#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;
using ngxdiag::base::contains;

namespace {

constexpr Truth T = Truth::kTrue, F = Truth::kFalse, U = Truth::kUnknown;

std::shared_ptr<const Condition> read(const std::string& text,
                                      std::vector<std::string>* found = nullptr) {
  static const FactNames kFacts(known_facts());
  RuleNames names{"my-rule", {{"many", 3}, {"few", 1}}, {"hit"}, kFacts};
  Issues issues(found);
  const RuleSource source("r.json", text, issues);
  return read_condition(ngxdiag::json::parse(text, "r.json"), names, source);
}

Truth truth(const std::string& text, const ngxdiag::model::FactSet& set) {
  return evaluate(*read(text), set);
}

std::string error(const std::string& text) {
  std::vector<std::string> found;
  const auto condition = read(text, &found);
  return found.empty() ? "" : found.front();
}

}  // namespace

TEST_CASE("numbers come from params or from facts") {
  const auto set = facts({{"deaths.total", number(3)}, {"config.worker_processes", number(4)}});
  CHECK(truth(R"({"fact": "deaths.total", "at_least": "many"})", set) == T);
  CHECK(truth(R"({"fact": "deaths.total", "above": "few", "below": "many"})", set) == F);
  CHECK(truth(R"({"fact": "deaths.total", "below": "fact:config.worker_processes"})", set) == T);
  CHECK(truth(R"({"fact": "reloads.total", "below": "many"})", set) == U);
}

TEST_CASE("a module is absent only from a complete list") {
  const std::string nchan = R"({"module": "nchan"})",
                    old = R"({"module": "nchan", "version_below": "1.3.6"})";
  CHECK(truth(nchan, facts({})) == U);
  CHECK(truth(nchan, facts({{"modules.complete", true}})) == F);
  CHECK(truth(nchan, facts({{"modules.nchan.present", true}})) == T);
  CHECK(truth(nchan, facts({{"modules.nchan.present", false}})) == F);
  CHECK(truth(old, facts({{"modules.nchan.present", true}})) == U);
  CHECK(truth(old, facts({{"modules.complete", true}})) == F);
  CHECK(truth(old, facts({{"modules.nchan.present", true},
                          {"modules.nchan.version", text("1.3.5")}})) == T);
  CHECK(truth(old, facts({{"modules.nchan.present", true},
                          {"modules.nchan.version", text("1.3.6")}})) == F);
}

TEST_CASE("a directive is absent only from a whole configuration") {
  const std::string aio = R"({"directive": "aio", "matches": "^threads"})";
  CHECK(truth(aio, facts({})) == U);
  CHECK(truth(aio, facts({{"config.complete", true}})) == F);
  CHECK(truth(aio, facts({{"config.directive.aio", list({"off", "threads=x"})}})) == T);
  CHECK(truth(aio, facts({{"config.directive.aio", list({"off"})}})) == F);
  CHECK(truth(R"({"directive": "aio", "is": "off"})",
              facts({{"config.directive.aio", list({"off"})}})) == T);
}

TEST_CASE("zones, memory maps, stacks and kernel lines are lists") {
  const auto set = facts({{"zones.locked", list({"memstore", "upstream_check#12"})},
                          {"modules.loaded", list({"nchan"})},
                          {"stack.frames", list({"ngx_shmtx_lock () at nginx", "main ()"})},
                          {"stack.top", text("ngx_shmtx_lock () at nginx")},
                          {"kernel.objects", list({"ngx_nchan_module.so"})}});
  CHECK(truth(R"({"zone": "memstore"})", set) == T);
  CHECK(truth(R"({"zone": "mem"})", set) == F);
  CHECK(truth(R"({"zone": "^upstream_check#", "matches": true})", set) == T);
  CHECK(truth(R"({"loaded": "nchan"})", set) == T);
  CHECK(truth(R"({"loaded": "lua"})", set) == F);
  CHECK(truth(R"({"stack": "^main "})", set) == T);
  CHECK(truth(R"({"stack_top": "^main "})", set) == F);
  CHECK(truth(R"({"kernel_object": "nchan"})", set) == T);
  for (const char* form : {R"({"zone": "memstore"})", R"({"loaded": "nchan"})", R"({"stack": "x"})",
                           R"({"stack_top": "x"})", R"({"kernel_object": "x"})"})
    CHECK(truth(form, facts({})) == U);
}

TEST_CASE("nginx versions mean the base version") {
  const auto set = facts({{"nginx.base_version", text("1.11.5")}});
  CHECK(truth(R"({"nginx_below": "1.11.6"})", set) == T);
  CHECK(truth(R"({"nginx_at_least": "1.9.4", "nginx_below": "1.11.6"})", set) == T);
  CHECK(truth(R"({"nginx_at_least": "1.12.0", "nginx_below": "1.13.0"})", set) == F);
  CHECK(truth(R"({"nginx_below": "1.11.6"})", facts({})) == U);
}

TEST_CASE("a line is unknown until evidence of its kinds was looked at") {
  const std::string hit = R"({"line": "hit"})", master = R"({"line": "hit", "from": "master"})";
  CHECK(truth(hit, facts({})) == U);
  CHECK(truth(hit, facts({{"line.my-rule.hit", number(0)}})) == F);
  CHECK(truth(hit, facts({{"line.my-rule.hit", number(2)}})) == T);
  CHECK(truth(R"({"line": "hit", "at_least": "many"})", facts({{"line.my-rule.hit", number(2)}})) ==
        F);
  CHECK(truth(master, facts({{"line.my-rule.hit", number(2)}})) == U);
  CHECK(truth(master,
              facts({{"line.my-rule.hit", number(2)}, {"line.my-rule.hit.roles", list({})}})) == U);
  CHECK(truth(master, facts({{"line.my-rule.hit", number(2)},
                             {"line.my-rule.hit.roles", list({"worker"})}})) == F);
  CHECK(truth(master, facts({{"line.my-rule.hit", number(2)},
                             {"line.my-rule.hit.roles", list({"worker", "master"})}})) == T);
  const auto captured =
      facts({{"line.my-rule.hit", number(2)}, {"line.my-rule.hit.1", text("memstore")}});
  CHECK(truth(R"({"line": "hit", "matches": "^mem"})", captured) == T);
  CHECK(truth(R"({"line": "hit", "matches": "^mem", "group": 2})", captured) == U);
  CHECK(truth(R"({"unknown": "line.hit"})", facts({})) == T);
  CHECK(truth(R"({"fact": "line.hit.1", "is": "memstore"})", captured) == T);
}

TEST_CASE("each mistake is told with its place and what may be meant") {
  CHECK(error(R"({"fact": "deaths.totl"})") ==
        "r.json:1:10: no analyzer declares the fact \"deaths.totl\"\n"
        "  {\"fact\": \"deaths.totl\"}\n"
        "           ^\n"
        "  did you mean \"deaths.total\"?\n");
  CHECK(contains(error(R"({"fcat": "deaths.total"})"), "\"fcat\" begins no condition\n"));
  CHECK(contains(error(R"({"directve": "aio"})"), "did you mean \"directive\"?"));
  CHECK(contains(error(R"({"fact": "deaths.total", "at_lest": "many"})"),
                 "unknown member \"at_lest\" beside \"fact\""));
  CHECK(contains(error(R"({"fact": "deaths.total", "at_least": 3})"),
                 "a bare number in a condition"));
  CHECK(
      contains(error(R"({"fact": "deaths.total", "at_least": "mny"})"), "did you mean \"many\"?"));
  CHECK(contains(error(R"({"fact": "deaths.total", "at_least": "fact:reloads.totl"})"),
                 "did you mean \"reloads.total\"?"));
  CHECK(contains(error(R"({"line": "hot"})"), "unknown pattern \"hot\""));
  CHECK(contains(error(R"({"line": "hit", "from": "mastr"})"), "did you mean \"master\"?"));
  CHECK(contains(error(R"({"line": "hit", "group": 1})"), "\"group\" is the number"));
  CHECK(contains(error(R"({"nginx_below": "new"})"), "not a version"));
  CHECK(contains(error(R"({"stack": "("})"), "not a valid regular expression"));
  CHECK(contains(error(R"({"all": []})"), "needs a list"));
  CHECK(contains(error(R"({"all": [{"fact": "deaths.total"}], "any": []})"),
                 "unknown member \"any\""));
  CHECK(contains(error(R"([])"), "a condition is an object"));
  CHECK(contains(error(R"({"known": "config.directve.aio"})"),
                 "did you mean \"config.directive.aio\"?"));
  CHECK(contains(error(R"({"unknown": "line.hot"})"), "did you mean \"line.hit\"?"));
}

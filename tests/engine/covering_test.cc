#include "libdiag/engine/covering.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;

namespace {

// Covering of the rules that stand on deaths.total; owns what the result points into.
struct Covered {
  RuleBase base;
  std::vector<Standing> standing;
  Covering covering;

  explicit Covered(const std::vector<std::string>& texts)
      : base(rules(texts)),
        standing(
            weigh(base, facts({{"deaths.total", number(1)}, {"kernel.oom_kills", number(0)}}))) {
    std::vector<const Standing*> shown;
    for (const Standing& one : standing)
      if (one.met == Truth::kTrue) shown.push_back(&one);
    covering = cover(base, standing, shown);
  }
  std::string root_of(std::string_view id) const {
    const auto it = covering.explained_by.find(id);
    return it == covering.explained_by.end() ? "" : std::string(it->second);
  }
  std::set<std::string_view> effects_of(std::string_view id) const {
    const auto it = covering.explains.find(id);
    return it == covering.explains.end() ? std::set<std::string_view>() : it->second;
  }
};

std::string rule(const std::string& id, double db, const std::string& explains,
                 const std::string& more = "") {
  return rule_json(id, "\"prior\": {\"db\": " + std::to_string(db) + "}, \"explains\": [" +
                           explains + "]" + (more.empty() ? "" : ", " + more));
}

const std::string kSymptom = R"("kind": "symptom")";

}  // namespace

TEST_CASE("a chain of effects belongs to its first cause") {
  const Covered story({rule("slots", 20, R"("storm")"), rule("storm", 10, R"("no-worker")"),
                       rule("no-worker", 10, R"("acme-504")", kSymptom),
                       rule("acme-504", 10, "", kSymptom)});
  CHECK(story.root_of("slots") == "");
  CHECK(story.root_of("storm") == "slots");
  CHECK(story.root_of("no-worker") == "slots");
  CHECK(story.root_of("acme-504") == "slots");
  CHECK(story.effects_of("slots") == std::set<std::string_view>{"acme-504", "no-worker", "storm"});
  CHECK(story.effects_of("storm") == std::set<std::string_view>{"acme-504", "no-worker"});
}

TEST_CASE("a link that was not seen is passed, a refuted one breaks the chain") {
  const std::string unseen = R"("kind": "symptom", "requires": {"fact": "reloads.total"})";
  const Covered passed(
      {rule("a", 20, R"("link")"), rule("link", 0, R"("z")", unseen), rule("z", 0, "", kSymptom)});
  CHECK(passed.root_of("z") == "a");
  CHECK(passed.effects_of("a") == std::set<std::string_view>{"z"});
  const std::string refuted = R"("kind": "symptom", "requires": {"fact": "kernel.oom_kills"})";
  const Covered broken(
      {rule("a", 20, R"("link")"), rule("link", 0, R"("z")", refuted), rule("z", 0, "", kSymptom)});
  CHECK(broken.root_of("z") == "");
}

TEST_CASE("a cause name covers every rule of that cause") {
  const Covered story({rule("a", 20, R"("crash")"), rule("b", 0, "", R"("cause": "crash")"),
                       rule("c", 0, "", R"("cause": "crash")")});
  CHECK(story.effects_of("a") == std::set<std::string_view>{"b", "c"});
}

TEST_CASE("an unlikely cause explains nothing") {
  CHECK(Covered({rule("a", -1, R"("b")"), rule("b", 10, "")}).root_of("b") == "");
  CHECK(Covered({rule("a", 0, R"("b")"), rule("b", 10, "")}).root_of("b") == "a");
}

TEST_CASE("of two that explain each other the likelier is the cause") {
  const Covered pair({rule("a", 5, R"("b")"), rule("b", 10, R"("a")")});
  CHECK(pair.root_of("a") == "b");
  CHECK(pair.root_of("b") == "");
  const Covered equal({rule("a", 5, R"("b")"), rule("b", 5, R"("a")")});
  CHECK(equal.root_of("b") == "a");
  const Covered circle({rule("a", 1, R"("b")"), rule("b", 2, R"("c")"), rule("c", 3, R"("a")")});
  CHECK(circle.root_of("c") == "");
  CHECK(circle.root_of("a") == "c");
  CHECK(circle.root_of("b") == "c");
}

TEST_CASE("the likeliest of several causes is named") {
  const Covered story(
      {rule("a", 5, R"("z")"), rule("b", 10, R"("z")"), rule("z", 0, "", kSymptom)});
  CHECK(story.root_of("z") == "b");
  CHECK(story.effects_of("a") == std::set<std::string_view>{"z"});
}

TEST_CASE("advice explains no trouble, a forecast explains advice") {
  const Covered story({rule("advice", 20, R"("trouble")", R"("kind": "advisory")"),
                       rule("trouble", 0, ""),
                       rule("soon", 20, R"("advice", "seen")", R"("kind": "forecast")"),
                       rule("seen", 0, "", kSymptom)});
  CHECK(story.root_of("trouble") == "");
  CHECK(story.root_of("advice") == "soon");
  CHECK(story.root_of("seen") == "");
}

TEST_CASE("a symptom with a group is the effect of whichever cause of the group stands") {
  const std::string group = R"("group": "crash")";
  const Covered story({rule("oom", 20, "", group), rule("storm", 10, "", kSymptom + ", " + group),
                       rule("elsewhere", 20, "", R"("group": "tls")")});
  CHECK(story.root_of("storm") == "oom");
  CHECK(story.root_of("elsewhere") == "");
  CHECK(story.standing[0].confidence > 0.9);  // the symptom takes nothing of it
}

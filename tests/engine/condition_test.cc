#include "libdiag/engine/condition.h"

#include <doctest/doctest.h>

#include "tests/engine/support.h"

using namespace ngxdiag::engine;
using namespace ngxdiag::engine::testing;
using ngxdiag::model::FactSet;
using Op = Condition::Op;
using Test = Condition::Test;

namespace {

constexpr Truth kValues[] = {Truth::kFalse, Truth::kUnknown, Truth::kTrue};

Condition test(const char* fact, Test what = Test::kTruthy) {
  Condition condition;
  condition.fact = fact;
  condition.test = what;
  return condition;
}

Condition combine(Op op, std::vector<Condition> parts) {
  Condition condition;
  condition.op = op;
  condition.parts = std::move(parts);
  return condition;
}

const char* named(Truth value) {
  return value == Truth::kTrue ? "true" : value == Truth::kFalse ? "false" : "unknown";
}

// Facts: "true" holds, "false" does not, "unknown" is absent.
const FactSet& three() {
  static const FactSet kFacts = facts({{"true", true}, {"false", false}});
  return kFacts;
}

}  // namespace

TEST_CASE("all, any and not follow the three-valued tables") {
  // Rows and columns: false, unknown, true.
  const Truth all[3][3] = {{Truth::kFalse, Truth::kFalse, Truth::kFalse},
                           {Truth::kFalse, Truth::kUnknown, Truth::kUnknown},
                           {Truth::kFalse, Truth::kUnknown, Truth::kTrue}};
  const Truth any[3][3] = {{Truth::kFalse, Truth::kUnknown, Truth::kTrue},
                           {Truth::kUnknown, Truth::kUnknown, Truth::kTrue},
                           {Truth::kTrue, Truth::kTrue, Truth::kTrue}};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK(both(kValues[i], kValues[j]) == all[i][j]);
      CHECK(either(kValues[i], kValues[j]) == any[i][j]);
      const std::vector<Condition> parts = {test(named(kValues[i])), test(named(kValues[j]))};
      CHECK(evaluate(combine(Op::kAll, parts), three()) == all[i][j]);
      CHECK(evaluate(combine(Op::kAny, parts), three()) == any[i][j]);
    }
  CHECK(negate(Truth::kTrue) == Truth::kFalse);
  CHECK(negate(Truth::kUnknown) == Truth::kUnknown);
  CHECK(evaluate(combine(Op::kNot, {test("false")}), three()) == Truth::kTrue);
  CHECK(evaluate(combine(Op::kNot, {test("unknown")}), three()) == Truth::kUnknown);
}

TEST_CASE("known and unknown are never unknown themselves") {
  Condition condition = test("false");
  condition.op = Op::kKnown;
  CHECK(evaluate(condition, three()) == Truth::kTrue);
  condition.op = Op::kUnknown;
  CHECK(evaluate(condition, three()) == Truth::kFalse);
  condition.fact = "nowhere";
  CHECK(evaluate(condition, three()) == Truth::kTrue);
}

TEST_CASE("a fact without a test holds when it is not 0, false or empty") {
  const FactSet set = facts({{"zero", number(0)},
                             {"one", number(1)},
                             {"empty", text("")},
                             {"none", list({})},
                             {"some", list({"a"})}});
  CHECK(evaluate(test("zero"), set) == Truth::kFalse);
  CHECK(evaluate(test("one"), set) == Truth::kTrue);
  CHECK(evaluate(test("empty"), set) == Truth::kFalse);
  CHECK(evaluate(test("none"), set) == Truth::kFalse);
  CHECK(evaluate(test("some"), set) == Truth::kTrue);
  Condition silent = test("none");
  silent.empty_is_unknown = true;
  CHECK(evaluate(silent, set) == Truth::kUnknown);
}

TEST_CASE("numbers compare with numbers, other facts and the size of lists") {
  const FactSet set = facts({{"seven", number(7)},
                             {"half", 0.5},
                             {"word", text("7")},
                             {"three", list({"a", "b", "c"})},
                             {"limit", number(3)}});
  const auto compare = [&](const char* fact, Test what, double against) {
    Condition condition = test(fact, what);
    condition.number = against;
    return evaluate(condition, set);
  };
  CHECK(compare("seven", Test::kAtLeast, 7) == Truth::kTrue);
  CHECK(compare("seven", Test::kAbove, 7) == Truth::kFalse);
  CHECK(compare("seven", Test::kAtMost, 7) == Truth::kTrue);
  CHECK(compare("half", Test::kBelow, 1) == Truth::kTrue);
  CHECK(compare("three", Test::kAtLeast, 3) == Truth::kTrue);
  CHECK(compare("word", Test::kAtLeast, 7) == Truth::kUnknown);
  CHECK(compare("nowhere", Test::kAtLeast, 7) == Truth::kUnknown);
  Condition other = test("seven", Test::kAbove);
  other.other = "limit";
  CHECK(evaluate(other, set) == Truth::kTrue);
  other.other = "nowhere";
  CHECK(evaluate(other, set) == Truth::kUnknown);
}

TEST_CASE("an absent fact is false only when its whole was seen") {
  Condition condition = test("config.directive.aio");
  condition.complete = "config.complete";
  CHECK(evaluate(condition, facts({})) == Truth::kUnknown);
  CHECK(evaluate(condition, facts({{"config.complete", false}})) == Truth::kUnknown);
  CHECK(evaluate(condition, facts({{"config.complete", true}})) == Truth::kFalse);
  CHECK(evaluate(condition, facts({{"config.directive.aio", list({"threads"})}})) == Truth::kTrue);
}

TEST_CASE("equality keeps kinds apart, except whole and broken numbers") {
  const FactSet set =
      facts({{"n", number(1)}, {"b", true}, {"t", text("1")}, {"l", list({"1", "x"})}});
  const auto is = [&](const char* fact, ngxdiag::model::Value value) {
    Condition condition = test(fact, Test::kIs);
    condition.value = std::move(value);
    return evaluate(condition, set);
  };
  CHECK(is("n", number(1)) == Truth::kTrue);
  CHECK(is("n", 1.0) == Truth::kTrue);
  CHECK(is("n", text("1")) == Truth::kFalse);
  CHECK(is("n", true) == Truth::kFalse);
  CHECK(is("b", true) == Truth::kTrue);
  CHECK(is("t", text("1")) == Truth::kTrue);
  CHECK(is("l", text("x")) == Truth::kTrue);
  CHECK(is("l", number(1)) == Truth::kFalse);
}

TEST_CASE("versions compare in Debian's order, and what is no version says nothing") {
  const FactSet set = facts({{"v", text("1.9.15")}, {"odd", text("mainline")}, {"n", number(1)}});
  Condition condition = test("v", Test::kVersionBelow);
  condition.text = "1.11.6";
  CHECK(evaluate(condition, set) == Truth::kTrue);
  condition.test = Test::kVersionAtLeast;
  CHECK(evaluate(condition, set) == Truth::kFalse);
  condition.fact = "odd";
  CHECK(evaluate(condition, set) == Truth::kUnknown);
  condition.fact = "n";
  CHECK(evaluate(condition, set) == Truth::kUnknown);
}

TEST_CASE("expressions search the text or any member; an invalid one says nothing") {
  const FactSet set =
      facts({{"frames", list({"ngx_palloc () at src/core", "ipc_register_worker ()"})}});
  Condition condition = test("frames", Test::kMatches);
  condition.regex = std::make_shared<LazyRegex>("^ipc_\\w+_worker");
  CHECK(evaluate(condition, set) == Truth::kTrue);
  condition.regex = std::make_shared<LazyRegex>("^worker");
  CHECK(evaluate(condition, set) == Truth::kFalse);
  condition.regex = std::make_shared<LazyRegex>("(");
  CHECK(evaluate(condition, set) == Truth::kUnknown);
}

TEST_CASE("the witness is a fact that is there, before one that is not") {
  const FactSet set = facts({{"off", false}, {"on", true}});
  const Condition all = combine(Op::kAll, {combine(Op::kNot, {test("off")}), test("on")});
  CHECK(witness(all, set).name == "on");
  CHECK(witness(combine(Op::kAny, {test("off"), test("nowhere"), test("on")}), set).name == "on");
  CHECK(witness(combine(Op::kNot, {test("off")}), set).name == "off");
  CHECK(witness(test("nowhere"), set).fact == nullptr);
  Condition absent = test("config.directive.aio");
  absent.complete = "on";
  CHECK(witness(combine(Op::kNot, {absent}), set).name == "on");
}

TEST_CASE("open facts are those that could still decide") {
  const FactSet set = facts({{"on", true}, {"off", false}});
  std::vector<std::string_view> names;
  open_facts(combine(Op::kAll, {test("on"), test("x"), combine(Op::kNot, {test("y")})}), set,
             names);
  CHECK(names == std::vector<std::string_view>{"x", "y"});
  names.clear();
  open_facts(combine(Op::kAll, {test("off"), test("x")}), set, names);
  CHECK(names.empty());
}

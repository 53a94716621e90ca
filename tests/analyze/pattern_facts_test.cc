#include "libdiag/analyze/pattern_facts.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

TEST_CASE("not met is zero only where evidence of its kind was looked at") {
  Scene scene;
  scene.patterns = {{"r/log", {model::Kind::kErrorLog}, "never there", {}, {}},
                    {"r/kernel", {model::Kind::kKernelLog}, "never there", {}, {}}};
  const auto facts =
      scene.with("error.log", "2026/04/21 23:00:00 [error] 9#9: *1 something\n").facts();
  CHECK(facts.number("line.r.log") == 0);
  CHECK(facts.find("line.r.kernel") == nullptr);
}

TEST_CASE("distinct texts of the first capture, the time between hits, and who wrote them") {
  Scene scene;
  scene.patterns = {
      {"r/try", {model::Kind::kErrorLog}, "timed out", "(\\*\\d+) upstream timed out", {}}};
  const auto facts = scene
                         .with("error.log",
                               "2026/04/21 23:00:00 [error] 9#9: *1 upstream timed out\n"
                               "2026/04/21 23:01:00 [error] 9#9: *1 upstream timed out\n"
                               "2026/04/21 23:01:30 [error] 10#10: *2 upstream timed out\n")
                         .facts();
  CHECK(facts.number("line.r.try") == 3);
  CHECK(facts.text("line.r.try.values") == "*1, *2");
  CHECK(facts.number("line.r.try.seconds") == 90);
  CHECK(facts.number("line.r.try.writers") == 2);
}

TEST_CASE("too many distinct texts are unknown, not a wrong number") {
  Scene scene;
  scene.patterns = {
      {"r/try", {model::Kind::kErrorLog}, "timed out", "(\\*\\d+) upstream timed out", {}}};
  std::string log;
  for (int i = 0; i < 300; ++i)
    log += "2026/04/21 23:00:00 [error] 9#9: *" + std::to_string(i) + " upstream timed out\n";
  const auto facts = scene.with("error.log", log).facts();
  CHECK(facts.number("line.r.try") == 300);
  CHECK(facts.find("line.r.try.values") == nullptr);
}

TEST_CASE("of a leftover, what else met its lines, and the words of one that nothing else met") {
  Scene scene;
  model::LinePattern any{"rest/said", {model::Kind::kErrorLog}, "[emerg]", "#\\d+: (.*)", {}};
  any.leftover = true;
  scene.patterns = {{"bind/a", {model::Kind::kErrorLog}, "bind()", {}, {}},
                    {"bind/b", {model::Kind::kErrorLog}, "(98: ", {}, {}},
                    {"port/a", {model::Kind::kErrorLog}, ":80 ", {}, {}},
                    any};
  const std::string bind =
      "2026/04/21 23:00:00 [emerg] 9#9: bind() to 0.0.0.0:80 failed (98: Address already in use)\n";
  const auto known = scene.with("error.log", bind + bind).facts();
  CHECK(known.text("line.rest.said.beside") == "bind port");
  const auto both =
      scene.with("error.log", bind + "2026/04/21 23:00:01 [emerg] 9#9: odd\n" + bind).facts();
  CHECK(both.text("line.rest.said.beside") == ", bind port");
  CHECK(both.text("line.rest.said.1") == "odd");
}

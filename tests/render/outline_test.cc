#include "libdiag/render/outline.h"

#include <doctest/doctest.h>

#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("the story is the first finding that calls for action, what it explains is its chain") {
  const model::Report report = storm_report();
  const Outline plan = outline(report);
  REQUIRE(plan.story);
  CHECK(plan.story->component == "nchan");
  REQUIRE(plan.effects.size() == 3);
  CHECK(plan.effects[0].says == "Workers crash at start");
  CHECK(plan.effects[1].says == "no worker serves requests");
  CHECK(plan.effects[1].depth == 2);
  CHECK(plan.effects[2].depth == 3);
  REQUIRE(plan.others.size() == 1);
  CHECK(plan.others[0]->id == "package-abi-break");
  CHECK(plan.advisories.size() == 1);
  REQUIRE(plan.open_symptoms.size() == 1);
  CHECK(plan.open_symptoms[0]->id == "disk-slow");
}

TEST_CASE("explanations that go in a circle end") {
  model::Report report = storm_report();
  report.findings[0].explained_by = "acme-504";
  CHECK(effects_of(report, "nchan-worker-slots-exhausted").size() == 3);
  CHECK(effects_of(report, "workers-crash").size() == 3);
  REQUIRE(outline(report).story);
  CHECK(outline(report).story->component == "nchan");
}

TEST_CASE("an advisory alone makes no story") {
  model::Report report;
  report.findings = {storm_report().findings[3]};
  const Outline plan = outline(report);
  CHECK_FALSE(plan.story);
  CHECK(plan.advisories.size() == 1);
}

TEST_CASE("reasons come strongest first and on their own side") {
  const model::Report report = storm_report();
  const auto speaking_for = reasons(report.findings[0], true);
  REQUIRE(speaking_for.size() == 3);
  CHECK(speaking_for[0]->weight == 30);
  CHECK(speaking_for[2]->weight == 6);
  CHECK(reasons(report.findings[0], false).size() == 1);
}

TEST_CASE("per cent never claims certainty") {
  CHECK(percent(0.999) == "99 %");
  CHECK(percent(0.001) == "1 %");
  CHECK(confidence_words(0.97) == "nearly certain");
  CHECK(confidence_words(0.3) == "possible");
}

TEST_CASE("neighbours of one kind fold into one line of the timeline") {
  const auto lines = moments(storm_report().timeline, true);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].when == "2026-04-21 23:10:02");
  CHECK(lines[0].says == "reload (2 times, until 23:18:16)");
  CHECK(lines[1].when == "23:18:20");
  CHECK(lines[1].says == "2,361 workers die on signal 6 (until 23:18:52)");
  CHECK(moments(storm_report().timeline, false).size() == 3);
}

TEST_CASE("a command is told from a sentence") {
  for (const char* text : {"ln -s /a /b", "systemctl status nginx", "nginx -t",
                           "grep -c 'exited on signal' /var/log/nginx/error.log",
                           "nginx -t && systemctl restart nginx", "ngxdiag scan",
                           "systemctl restart nginx && nginx -t"})
    CHECK_MESSAGE(is_command(text), text);
  for (const char* text : {"the site answers again", "nginx starts without an alert",
                           "install the older package again", "test the site in a browser", "",
                           "nginx", "ngxdiag scan says ok"})
    CHECK_FALSE_MESSAGE(is_command(text), text);
}

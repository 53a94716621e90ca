#include "libdiag/history/compare.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using history::Past;
using model::Change;
using model::Severity;

namespace {

Past past(std::vector<history::Trouble> troubles, std::vector<history::Measure> measures = {}) {
  return {"2026-04-22T09:00:00+02:00", model::Verdict::kWarning, std::move(troubles),
          std::move(measures)};
}

}  // namespace

TEST_CASE("new, worse, better and gone, in this order") {
  const Past before = past({{"gone", "", "G", Severity::kWarning, 0.9},
                            {"better", "", "B", Severity::kCritical, 0.9},
                            {"worse", "", "W", Severity::kInfo, 0.9},
                            {"same", "", "S", Severity::kInfo, 0.9}});
  const Past after = past({{"better", "", "B", Severity::kWarning, 0.9},
                           {"worse", "", "W", Severity::kCritical, 0.9},
                           {"same", "", "S", Severity::kInfo, 0.95},
                           {"new", "", "N", Severity::kWarning, 0.9}});
  const auto changes = history::compare(before, after);
  REQUIRE(changes.items.size() == 4);
  CHECK(changes.since == before.generated);
  CHECK(changes.verdict_before == model::Verdict::kWarning);
  CHECK(changes.items[0].id == "new");
  CHECK(changes.items[0].kind == Change::Kind::kNew);
  CHECK(changes.items[1].id == "worse");
  CHECK(changes.items[1].how == "info -> critical");
  CHECK(changes.items[2].id == "better");
  CHECK(changes.items[2].how == "critical -> warning");
  CHECK(changes.items[3].id == "gone");
  CHECK(changes.items[3].kind == Change::Kind::kGone);
}

TEST_CASE("a confidence counts from ten percent points on") {
  const Past before = past({{"a", "", "A", Severity::kWarning, 0.60}});
  CHECK(history::compare(before, past({{"a", "", "A", Severity::kWarning, 0.68}})).items.empty());
  const auto changes = history::compare(before, past({{"a", "", "A", Severity::kWarning, 0.95}}));
  REQUIRE(changes.items.size() == 1);
  CHECK(changes.items[0].kind == Change::Kind::kWorse);
  CHECK(changes.items[0].how == "60 % -> 95 %");
}

TEST_CASE("the same trouble of another nginx is another") {
  const auto changes =
      history::compare(past({{"a", "/run/nginx.pid", "A", Severity::kWarning, 0.9}}),
                       past({{"a", "/run/nginx2.pid", "A", Severity::kWarning, 0.9}}));
  REQUIRE(changes.items.size() == 2);
  CHECK(changes.items[0].instance == "/run/nginx2.pid");
  CHECK(changes.items[1].instance == "/run/nginx.pid");
}

TEST_CASE("numbers count when they double, halve, or reach or leave zero") {
  const auto kind = [](const char* name, double then, double now) {
    const auto items = history::compare(past({}, {{name, then}}), past({}, {{name, now}})).items;
    return items.empty() ? "" : std::string(model::change_name(items[0].kind)) + " " + items[0].how;
  };
  CHECK(kind("stale.workers", 3, 4) == "");
  CHECK(kind("stale.workers", 3, 6) == "worse 3 -> 6");
  CHECK(kind("stale.workers", 6, 3) == "better 6 -> 3");
  CHECK(kind("stale.workers", 0, 1) == "worse 0 -> 1");
  CHECK(kind("stale.workers", 0, 0) == "");
  CHECK(kind("nchan.reloads_left", 12, 4) == "worse 12 -> 4");
  CHECK(kind("nchan.reloads_left", 4, 31) == "better 4 -> 31");
  // A rotated log holds fewer lines; nothing has become better by it.
  CHECK(kind("deaths.total", 2361, 0) == "");
  CHECK(kind("deaths.total", 12, 2361) == "worse 12 -> 2361");
}

TEST_CASE("a number that was not looked at is not compared") {
  CHECK(history::compare(past({}, {{"stale.workers", 9}}), past({})).items.empty());
  CHECK(history::compare(past({}), past({}, {{"stale.workers", 9}})).items.empty());
}

TEST_CASE("a report is kept without its unlikely candidates") {
  model::Report report;
  report.generated = "2026-04-22T09:00:00+02:00";
  report.verdict = model::Verdict::kCritical;
  model::Finding likely, unlikely;
  likely.id = "likely";
  likely.confidence = 0.5;
  likely.severity = Severity::kCritical;
  unlikely.id = "unlikely";
  unlikely.confidence = 0.49;
  report.findings = {likely, unlikely};
  report.symptoms = {{"no-worker-serves", "no worker serves", Severity::kCritical, "", {}}};
  report.facts.put("deaths.total", int64_t{7}, {{}}, "crashes");
  const Past kept = history::to_past(report);
  REQUIRE(kept.troubles.size() == 2);
  CHECK(kept.troubles[0].id == "likely");
  CHECK(kept.troubles[1].title == "no worker serves");
  REQUIRE(kept.measures.size() == 1);
  CHECK(kept.measures[0].value == 7);
}

#include "libdiag/render/html_timeline.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

namespace {
size_t count(const std::string& text, std::string_view part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}
}  // namespace

TEST_CASE("a lane for each kind, a bar for each bin, a title for each mark") {
  auto timeline = storm_report().timeline;
  timeline.push_back(
      {*base::parse_civil("2026-04-21 23:19:04"), {}, "acme-failed", "renewal fails <b>", {}});
  const std::string svg = html_timeline(timeline);
  CHECK(count(svg, "<rect class=\"death\"") == 3);
  CHECK(count(svg, "<rect class=\"reload\"") == 2);
  CHECK(count(svg, "<path class=\"failed\"") == 1);
  CHECK(base::contains(svg, "at most 2,000 in 11 s"));
  CHECK(base::contains(svg, "<title>2026-04-21 23:18:31: 2,000 in 11 s</title>"));
  CHECK(base::contains(svg, "renewal fails &lt;b&gt;"));
  CHECK(base::contains(svg, "From 2026-04-21 23:10:02 to 2026-04-21 23:19:04."));
  CHECK(base::contains(svg, ">23:14</text>"));
  CHECK(base::contains(svg, ">2026-04-21</text>"));
}

TEST_CASE("workers: steps of those that remain, a row for each generation") {
  const auto time = [](const char* text) { return *base::parse_civil(text); };
  const std::vector<Generation> workers = {
      {time("2026-04-09 06:00:00"), time("2026-04-21 23:10:02"), 0, 22, 0},
      {time("2026-04-21 23:10:02"), time("2026-04-21 23:18:16"), 0, 7, 0},
      {time("2026-04-21 23:18:16"), {}, 0, 0, 2361}};
  const std::string svg = html_timeline(storm_report().timeline, workers);
  CHECK(count(svg, "<path class=\"processes\"") == 1);
  CHECK(base::contains(svg, "29 workers remain,"));
  CHECK(base::contains(svg, ">22 still leaving</text>"));
  CHECK(base::contains(svg, ">gone, 2,361 crashes</text>"));
  // Two that linger and the legend's.
  CHECK(count(svg, "<rect class=\"leaving\"") == 3);
  CHECK(base::contains(svg, "Generations of workers: 3, the newest gone."));
  // The first began days before; the axis is that of the events all the same.
  CHECK(base::contains(svg, "From 2026-04-21 23:10:02 to"));
}

TEST_CASE("generations without events are drawn, one alone is not") {
  std::vector<Generation> workers = {{1000, 2000, 0, 4, {}}, {2000, {}, 4, 0, {}}};
  CHECK(base::contains(html_timeline({}, workers), "4 serving"));
  workers.pop_back();
  CHECK(html_timeline({}, workers).empty());
}

TEST_CASE("one moment is no drawing") {
  CHECK(html_timeline({}).empty());
  CHECK(html_timeline({storm_report().timeline[0]}).empty());
  CHECK(!html_timeline({storm_report().timeline[2]}).empty());
}

TEST_CASE("the drawing stays small and whole whatever the times are") {
  std::vector<model::TimelineEvent> timeline;
  for (int i = 0; i < 5000; ++i) timeline.push_back({i * 7, {}, "reload", "reload", {}});
  timeline.push_back({-4000000000, {}, "start", "starts", {}});
  timeline.push_back({50, 20, "burst", "a clock set back", {}, 1, {}});
  const std::string svg = html_timeline(timeline);
  CHECK(svg.size() < 100000);
  CHECK(count(svg, "<text class=\"tick\" text-anchor=\"middle\"") <= 20);
}

TEST_CASE("ticks are of a size that people count in") {
  CHECK(tick_seconds(0) == 1);
  CHECK(tick_seconds(71) == 10);
  CHECK(tick_seconds(166) == 30);
  CHECK(tick_seconds(3600) == 600);
  CHECK(tick_seconds(86400 * 3) == 43200);
}

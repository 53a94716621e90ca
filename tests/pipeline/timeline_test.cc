#include "libdiag/pipeline/timeline.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using model::EventKind;

namespace {
model::Event at(EventKind kind, base::CivilTime time, int64_t number = 0) {
  model::Event event;
  event.kind = kind;
  event.time = time;
  event.number = number;
  event.says = "one";
  return event;
}
}  // namespace

TEST_CASE("a burst is one line with its counts, single events stay as they are") {
  const auto line = pipeline::make_timeline(
      {at(EventKind::kReload, 5), at(EventKind::kDeath, 10, 6), at(EventKind::kAcmeFailed, 12),
       at(EventKind::kDeath, 20, 6), at(EventKind::kDeath, 21, 11), at(EventKind::kDeath, 500, 6)},
      60);
  REQUIRE(line.size() == 4);
  CHECK(line[1].kind == "burst");
  CHECK(line[1].says == "3 children crash: 2 on signal 6, 1 on signal 11");
  CHECK(line[1].end == 21);
  CHECK(line[1].bin == 1);
  CHECK(line[1].counts == std::vector<int64_t>{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1});
  CHECK(line[0].counts.empty());
  CHECK(line[3].says == "one");
}

TEST_CASE("what has no time is left out") {
  model::Event untimed;
  CHECK(pipeline::make_timeline({untimed}, 60).empty());
}

TEST_CASE("however long a run is, its bins stay few, and a clock set back is survived") {
  std::vector<model::Event> events;
  for (base::CivilTime time = 0; time < 40 * 86400; time += 3600)
    events.push_back(at(EventKind::kReload, time));
  events.push_back(at(EventKind::kReload, -50));
  events.push_back(at(EventKind::kReload, 40 * 86400));
  const auto line = pipeline::make_timeline(events, 30 * 86400);
  REQUIRE(line.size() == 1);
  CHECK(line[0].bin == 43200);
  REQUIRE(line[0].counts.size() == 81);
  CHECK(line[0].counts[0] == 12);
  CHECK(line[0].counts[80] == 1);
}

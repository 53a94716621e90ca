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
  CHECK(line[3].says == "one");
}

TEST_CASE("what has no time is left out") {
  model::Event untimed;
  CHECK(pipeline::make_timeline({untimed}, 60).empty());
}

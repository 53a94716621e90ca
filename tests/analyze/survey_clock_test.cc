#include "libdiag/analyze/survey_clock.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

base::CivilTime at(std::string_view text) { return *base::parse_civil(text); }

// One line each 30 seconds from `from` to before `until`.
void steady(LogSurvey& survey, std::string_view from, std::string_view until) {
  for (base::CivilTime time = at(from); time < at(until); time += 30) {
    std::string stamp = base::format_civil(time);
    stamp[4] = stamp[7] = '/';
    survey.line(stamp + " [error] 9#9: *1 upstream timed out (110: Connection timed out)");
  }
}

ClockReading read(LogSurvey& survey) { return survey_clock(survey.finish()); }

}  // namespace

TEST_CASE("the end of summer time repeats an hour of a Sunday night") {
  LogSurvey survey({}, {});
  survey.begin("error.log");
  steady(survey, "2026/10/25 01:30:00", "2026/10/25 03:00:00");
  steady(survey, "2026/10/25 02:00:00", "2026/10/25 04:00:00");
  const ClockReading found = read(survey);
  REQUIRE(found.steps.size() == 1);
  CHECK(found.steps[0].summer_time);
  CHECK(found.steps[0].step.from == at("2026/10/25 02:59:30"));
  CHECK(found.steps[0].step.to == at("2026/10/25 02:00:00"));
  REQUIRE(found.notes.size() == 1);
  CHECK(found.notes[0].starts_with("The end of summer time: the hour from 02:00 on 2026-10-25"));
}

TEST_CASE("the begin of summer time leaves one out") {
  LogSurvey survey({}, {});
  survey.begin("error.log");
  steady(survey, "2026/03/29 01:00:00", "2026/03/29 02:00:00");
  steady(survey, "2026/03/29 03:00:00", "2026/03/29 04:00:00");
  const ClockReading found = read(survey);
  REQUIRE(found.silences.size() == 1);
  CHECK(found.silences[0].summer_time);
  CHECK(found.notes[0] ==
        "No line from 2026-03-29 02:00 to 03:00: summer time began, that hour did not exist.");
}

TEST_CASE("on a weekday the same hour is a silence, and a step back a changed clock") {
  LogSurvey survey({}, {});
  survey.begin("error.log");
  steady(survey, "2026/03/25 01:00:00", "2026/03/25 02:00:00");
  steady(survey, "2026/03/25 03:00:00", "2026/03/25 04:00:00");
  steady(survey, "2026/03/25 03:20:00", "2026/03/25 04:30:00");
  const ClockReading found = read(survey);
  REQUIRE(found.steps.size() == 1);
  CHECK_FALSE(found.steps[0].summer_time);
  REQUIRE(found.silences.size() == 1);
  CHECK_FALSE(found.silences[0].summer_time);
  CHECK(found.silences[0].due == 120);
  CHECK(found.notes[0].starts_with("The clock went back by 39 min 30 s at 2026-03-25 03:59:30"));
  CHECK(found.notes[1].find("about 120 were due") != std::string::npos);
}

TEST_CASE("mixed logs are said to be mixed, a quiet one says nothing") {
  LogSurvey mixed({}, {});
  mixed.begin("error.log");
  for (int i = 0; i < 20; ++i) steady(mixed, "2026/03/25 01:00:00", "2026/03/25 01:10:00");
  const ClockReading found = read(mixed);
  REQUIRE(found.notes.size() == 1);
  CHECK(found.notes[0].starts_with("Lines are not in the order"));
  LogSurvey quiet({}, {});
  quiet.begin("error.log");
  steady(quiet, "2026/03/25 01:00:00", "2026/03/25 01:02:00");
  steady(quiet, "2026/03/25 09:00:00", "2026/03/25 09:02:00");
  CHECK(read(quiet).notes.empty());
}

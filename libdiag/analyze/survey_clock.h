// What the times of a log say about the clock that wrote them: the end and the begin of summer time
// (nginx prints local time without a zone), clocks that were changed, logs of several writers, and
// silences where lines were due.
//   02:59:58, then 02:00:01 on the last Sunday of October -> "the end of summer time: …"
#pragma once

#include <string>
#include <vector>

#include "libdiag/analyze/log_survey.h"

namespace ngxdiag::analyze {

// No line from `from` to `until`, where about `due` would have come at the rate around it.
struct SurveySilence {
  base::CivilTime from = 0, until = 0;
  int64_t due = 0;
  bool summer_time = false;  // the hour that the begin of summer time leaves out
};

struct ClockReading {
  struct Step {
    ClockStep step;
    bool summer_time = false;  // the hour that the end of summer time repeats
  };
  std::vector<Step> steps;
  std::vector<SurveySilence> silences;  // the longest in lines first
  std::vector<std::string> notes;       // all of it in sentences
};

ClockReading survey_clock(const Survey& survey);

}  // namespace ngxdiag::analyze

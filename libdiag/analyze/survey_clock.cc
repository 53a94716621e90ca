#include "libdiag/analyze/survey_clock.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::analyze {
namespace {

constexpr int64_t kHour = 3600, kDay = 86400;
// More steps back than that are no clock's: lines are mixed.
constexpr size_t kMostSteps = 6;
constexpr int64_t kLeastSilence = 600;
// The rate around a silence is that of so many seconds on both sides.
constexpr int64_t kAround = 1800;
constexpr int64_t kLeastDue = 50;
constexpr int64_t kLeastAround = 20;  // fewer lines tell no rate
// An hour of summer time is told by less: nothing else leaves out just that one.
constexpr int64_t kSummerShare = 5;
constexpr size_t kMostSilences = 5;

bool is_sunday(base::CivilTime time) {
  const int64_t days = (time - (time % kDay + kDay) % kDay) / kDay;
  return ((days + 4) % 7 + 7) % 7 == 0;  // 1970-01-01 was a Thursday
}

// Months in which some country's summer time begins or ends (northern or southern).
bool is_change_month(base::CivilTime time) {
  const std::string month = base::format_civil(time).substr(5, 2);
  return month == "03" || month == "04" || month == "09" || month == "10" || month == "11";
}

int64_t hour_of(base::CivilTime time) { return (time % kDay + kDay) % kDay / kHour; }

// Clocks are changed on Sundays between one and four.
bool may_change(base::CivilTime time) {
  return is_sunday(time) && is_change_month(time) && hour_of(time) <= 3;
}

bool repeats_an_hour(const ClockStep& step) {
  return may_change(step.from) && step.from / kHour == step.to / kHour && hour_of(step.from) >= 1;
}

int64_t lines_between(const Survey& survey, base::CivilTime from, base::CivilTime until) {
  int64_t sum = 0;
  for (auto at = survey.buckets.lower_bound(from); at != survey.buckets.end() && at->first < until;
       ++at)
    for (const int64_t count : at->second.levels) sum += count;
  return sum;
}

std::vector<SurveySilence> silences_of(const Survey& survey) {
  std::vector<SurveySilence> out;
  base::CivilTime end = 0;
  bool first = true;
  for (const auto& [start, bucket] : survey.buckets) {
    if (!first && start - end >= kLeastSilence) {
      const int64_t least = std::min(lines_between(survey, end - kAround, end),
                                     lines_between(survey, start, start + kAround));
      SurveySilence silence{end, start, least * (start - end) / kAround, false};
      silence.summer_time = may_change(end) && end % kHour == 0 && start - end == kHour;
      const int64_t share = silence.summer_time ? kSummerShare : 1;
      if (least * share >= kLeastAround && silence.due * share >= kLeastDue) out.push_back(silence);
    }
    end = start + survey.bucket_seconds;
    first = false;
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.due > b.due; });
  if (out.size() > kMostSilences) out.resize(kMostSilences);
  return out;
}

std::string clock(base::CivilTime time) { return base::format_civil(time); }

std::string step_note(const ClockReading::Step& step) {
  const ClockStep& at = step.step;
  if (step.summer_time)
    return "The end of summer time: the hour from " + clock(at.to / kHour * kHour).substr(11, 5) +
           " on " + clock(at.to).substr(0, 10) +
           " is in the log twice, and its two halves count together.";
  return "The clock went back by " + base::format_duration(at.from - at.to) + " at " +
         clock(at.from) + ": it was changed, or the log has several writers.";
}

std::string silence_note(const SurveySilence& silence) {
  const std::string window =
      clock(silence.from).substr(0, 16) + " to " + clock(silence.until).substr(11, 5);
  if (silence.summer_time)
    return "No line from " + window + ": summer time began, that hour did not exist.";
  return "No line from " + window + " (" + base::format_duration(silence.until - silence.from) +
         "), where about " + base::grouped(silence.due) +
         " were due: nginx did not run or could not write, the log has a hole, or the clock was "
         "put forward.";
}

}  // namespace

ClockReading survey_clock(const Survey& survey) {
  ClockReading out;
  for (const ClockStep& step : survey.clock_steps)
    out.steps.push_back({step, repeats_an_hour(step)});
  const auto back = static_cast<size_t>(survey.clock_back);
  if (back > kMostSteps)
    out.notes.push_back(
        "Lines are not in the order of their times (" + base::grouped(survey.clock_back) +
        " steps back by more than a minute): logs of several hosts or files in one, "
        "or a clock that jumps.");
  else
    for (const ClockReading::Step& step : out.steps) out.notes.push_back(step_note(step));
  out.silences = silences_of(survey);
  for (const SurveySilence& silence : out.silences) out.notes.push_back(silence_note(silence));
  return out;
}

}  // namespace ngxdiag::analyze

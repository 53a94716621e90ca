#include "tools/ngxdiag/logs_timeline.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "libdiag/base/text.h"
#include "libdiag/parse/message_class.h"

namespace ngxdiag::tools {
namespace {

using analyze::Survey;
using analyze::SurveyBucket;
using render::Page;
using render::Style;

constexpr int64_t kRows = 30;
constexpr size_t kDateColumns = 16;  // "2026-04-21 18:00"
constexpr size_t kCountColumns = 9;
constexpr size_t kLeastBar = 10, kMostBar = 100;
constexpr size_t kLeastRemark = 30, kMostRemark = 60;
constexpr size_t kCauses = 3;
// A cause is named in a row when it is that share of the row's errors.
constexpr int64_t kNamedShare = 10;
constexpr int64_t kDay = 86400;
constexpr std::array<int64_t, 19> kSteps{1,   2,    5,    10,   15,   30,    60,    120,   300, 600,
                                         900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, kDay};

int64_t aligned(base::CivilTime time, int64_t step) {
  const int64_t rest = time % step;
  return time - (rest < 0 ? rest + step : rest);
}

int64_t all_lines(const SurveyBucket& bucket) {
  int64_t sum = 0;
  for (const int64_t count : bucket.levels) sum += count;
  return sum;
}

std::string repeated(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

// Error and above, then the rest; never nothing for something.
std::string bar(int64_t serious, int64_t lines, int64_t most, size_t columns) {
  if (most == 0 || lines == 0) return {};
  const auto cells = [&](int64_t count) {
    return static_cast<size_t>((count * static_cast<int64_t>(columns) + most - 1) / most);
  };
  const size_t dark = cells(serious), all = std::max(cells(lines), dark);
  return repeated("█", dark) + repeated("\u2591", all - dark);
}

// "1,335 upstream-connect, 62 files"
std::string causes_words(const SurveyBucket& bucket) {
  const auto& classes = parse::message_classes();
  std::vector<std::pair<int64_t, size_t>> counts;
  int64_t all = 0;
  for (size_t i = 0; i < classes.size(); ++i) {
    // Deaths are said with their signals.
    if (classes[i].slug == "deaths" && !bucket.signals.empty()) continue;
    if (bucket.classes[i] > 0) counts.emplace_back(bucket.classes[i], i);
    all += bucket.classes[i];
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> out;
  for (const auto& [count, index] : counts) {
    if (out.size() >= kCauses || count * kNamedShare < all) break;
    out.push_back(base::grouped(count) + " " + std::string(classes[index].slug));
  }
  return base::join(out, ", ");
}

std::string remarks(const SurveyBucket& bucket) {
  std::vector<std::string> out;
  if (std::string deaths = deaths_words(bucket.signals); !deaths.empty())
    out.push_back(std::move(deaths));
  if (bucket.reloads > 0) out.push_back(base::plural(bucket.reloads, "reload"));
  if (std::string causes = causes_words(bucket); !causes.empty()) out.push_back(std::move(causes));
  return base::join(out, ", ");
}

bool touches(const std::vector<analyze::SurveyIncident>& incidents, base::CivilTime time,
             int64_t step) {
  return std::any_of(incidents.begin(), incidents.end(), [&](const auto& incident) {
    return incident.window.from < time + step && incident.window.until > time;
  });
}

}  // namespace

int64_t fitting_step(int64_t span, int64_t least, int64_t rows) {
  for (const int64_t step : kSteps)
    if (step >= least && step % least == 0 && (span + step - 1) / step <= rows) return step;
  int64_t step = std::max(kDay, least);
  while ((span + step - 1) / step > rows) step *= 2;
  return step;
}

std::string deaths_words(const std::map<int, int64_t>& signals) {
  int64_t sum = 0;
  std::vector<std::pair<int64_t, int>> counts;
  for (const auto& [number, count] : signals) {
    sum += count;
    counts.emplace_back(count, number);
  }
  if (sum == 0) return {};
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> parts;
  for (const auto& [count, number] : counts)
    parts.push_back((counts.size() > 1 ? base::grouped(count) + "×" : "") + std::to_string(number));
  return base::plural(sum, "death") + (counts.size() > 1 ? " (" : " (signal ") +
         base::join(parts, ", ") + ")";
}

void show_timeline(Page& page, const Survey& survey,
                   const std::vector<analyze::SurveyIncident>& incidents, size_t width) {
  if (survey.buckets.empty()) return;
  const base::CivilTime first = survey.buckets.begin()->first;
  const base::CivilTime last = survey.buckets.rbegin()->first + survey.bucket_seconds;
  // One row more than asked for where the beginning is moved to a whole step.
  const int64_t step = fitting_step(last - first, survey.bucket_seconds, kRows);
  const base::CivilTime from = aligned(first, step);
  std::vector<SurveyBucket> rows(static_cast<size_t>((last - from + step - 1) / step));
  for (const auto& [start, bucket] : survey.buckets)
    rows[static_cast<size_t>((start - from) / step)].add(bucket);
  int64_t most = 0;
  for (const SurveyBucket& row : rows) most = std::max(most, all_lines(row));
  const size_t remark_columns = std::clamp(width * 2 / 5, kLeastRemark, kMostRemark);
  const size_t taken = 2 + kDateColumns + 1 + kCountColumns + 2 + remark_columns;
  const size_t columns = std::clamp(width > taken ? width - taken : 0, kLeastBar, kMostBar);
  page.blank();
  page.verbatim(0, "Lines per " + base::format_duration(step), Style::kBold);
  page.verbatim(2, "█ error and above   \u2591 warn and below", Style::kDim);
  base::CivilTime day = from - 2 * kDay;
  for (size_t i = 0; i < rows.size(); ++i) {
    const base::CivilTime time = from + static_cast<int64_t>(i) * step;
    const std::string stamp = base::format_civil(time);
    // The date where it changes only.
    std::string label = aligned(time, kDay) == day ? std::string(11, ' ') + stamp.substr(11, 5)
                                                   : stamp.substr(0, 16);
    day = aligned(time, kDay);
    const int64_t lines = all_lines(rows[i]);
    std::string drawn = bar(rows[i].serious(), lines, most, columns);
    drawn += std::string(columns - std::min(columns, render::columns(drawn)), ' ');
    std::string count = base::grouped(lines);
    count.insert(0, kCountColumns - 1 - std::min(kCountColumns - 1, count.size()), ' ');
    page.clipped(2, label + " " + drawn + count + "  " + remarks(rows[i]),
                 !rows[i].signals.empty()         ? Style::kRed
                 : touches(incidents, time, step) ? Style::kYellow
                                                  : Style::kPlain);
  }
}

}  // namespace ngxdiag::tools

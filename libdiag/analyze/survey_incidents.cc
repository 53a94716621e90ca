#include "libdiag/analyze/survey_incidents.h"

#include <algorithm>
#include <utility>

#include "libdiag/parse/message_class.h"

namespace ngxdiag::analyze {
namespace {

constexpr size_t kMaxNewMessages = 10;
// A sparse log of years has no more buckets than the survey keeps, but many empty ones between.
constexpr int64_t kMaxSpan = 4 << 20;

std::vector<CountSeries> series_of(const Survey& survey, base::CivilTime from, size_t length) {
  const auto& classes = parse::message_classes();
  std::vector<CountSeries> out;
  for (size_t i = 0; i < classes.size(); ++i) {
    int64_t sum = 0;
    for (const auto& [start, bucket] : survey.buckets) sum += bucket.classes[i];
    if (sum == 0) continue;
    CountSeries series{std::string(classes[i].slug), std::vector<int64_t>(length, 0)};
    for (const auto& [start, bucket] : survey.buckets)
      series.counts[static_cast<size_t>((start - from) / survey.bucket_seconds)] +=
          bucket.classes[i];
    out.push_back(std::move(series));
  }
  return out;
}

void look_around(const Survey& survey, int64_t reload_seconds, SurveyIncident& incident) {
  const LogIncident& window = incident.window;
  for (auto at = survey.buckets.lower_bound(window.from - reload_seconds);
       at != survey.buckets.end() && at->first < window.until; ++at) {
    const SurveyBucket& bucket = at->second;
    if (at->first < window.from) {
      if (bucket.reloads > 0) incident.reload_before = at->first;
      continue;
    }
    incident.reloads += bucket.reloads;
    for (const auto& [number, count] : bucket.signals) incident.signals[number] += count;
  }
  // What the log begins with was not new.
  if (window.from_start) return;
  for (const SurveyMessage& message : survey.messages) {
    if (incident.new_messages.size() >= kMaxNewMessages) break;
    if (message.first && *message.first >= window.from && *message.first < window.until)
      incident.new_messages.push_back(message.id);
  }
}

}  // namespace

std::vector<SurveyIncident> survey_incidents(
    const Survey& survey, const std::map<std::string, double, std::less<>>& thresholds) {
  std::vector<SurveyIncident> out;
  if (survey.buckets.empty()) return out;
  const base::CivilTime from = survey.buckets.begin()->first;
  const int64_t length = (survey.buckets.rbegin()->first - from) / survey.bucket_seconds + 1;
  if (length > kMaxSpan) return out;
  IncidentParameters parameters;
  parameters.penalty = thresholds.at("incident_change_penalty");
  parameters.factor = thresholds.at("incident_factor");
  parameters.evidence = thresholds.at("incident_evidence");
  parameters.least = static_cast<int64_t>(thresholds.at("incident_least"));
  const auto reload_seconds = static_cast<int64_t>(thresholds.at("incident_reload_seconds"));
  for (LogIncident& window : find_incidents(series_of(survey, from, static_cast<size_t>(length)),
                                            from, survey.bucket_seconds, parameters)) {
    out.push_back({std::move(window), {}, 0, {}, {}});
    look_around(survey, reload_seconds, out.back());
  }
  return out;
}

}  // namespace ngxdiag::analyze

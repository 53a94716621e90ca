#include "libdiag/analyze/log_incidents.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "libdiag/analyze/change_points.h"

namespace ngxdiag::analyze {
namespace {

// Longer series are taken in wider steps: the search is quadratic.
constexpr size_t kMaxCounts = 2048;
// Fewer counts have no background to differ from.
constexpr size_t kLeastCounts = 4;
// Three quarters of the time are usual, day and night. What differs by that much from the calmest
// quarter is no day: then an incident fills more than a quarter, and the calm is what is usual.
constexpr double kCalmShare = 0.1;

struct High {
  size_t from = 0, until = 0;
  LogIncident::Part part;
};

// The rate that a `share` of the time has or stays below.
double rate_at(std::vector<RateSegment> segments, size_t length, double share) {
  std::sort(segments.begin(), segments.end(),
            [](const RateSegment& a, const RateSegment& b) { return a.rate() < b.rate(); });
  double seen = 0;
  for (const RateSegment& segment : segments) {
    seen += static_cast<double>(segment.until - segment.from);
    if (seen >= share * static_cast<double>(length)) return segment.rate();
  }
  return segments.empty() ? 0.0 : segments.back().rate();
}

// Twice the logarithm of the likelihood ratio of `count` events where `usual` were due.
double evidence(int64_t count, double usual) {
  const auto seen = static_cast<double>(count);
  const double due = std::max(usual, 0.5);  // nothing at all was never due
  return seen <= due ? 0.0 : 2.0 * (seen * std::log(seen / due) - (seen - due));
}

std::vector<High> high_parts(const CountSeries& series, const IncidentParameters& parameters) {
  std::vector<High> out;
  const size_t length = series.counts.size();
  const auto segments = rate_segments(series.counts, parameters.penalty);
  if (segments.size() < 2) return out;
  const double calm = rate_at(segments, length, 0.25), lively = rate_at(segments, length, 0.75);
  const double usual = calm < kCalmShare * lively ? calm : lively;
  const double scatter = dispersion(series.counts);
  for (const RateSegment& segment : segments) {
    const double due = usual * static_cast<double>(segment.until - segment.from);
    if (segment.count < parameters.least || segment.rate() < parameters.factor * usual ||
        evidence(segment.count, due) < parameters.evidence * scatter)
      continue;
    if (!out.empty() && out.back().until == segment.from) {
      out.back().until = segment.until;
      out.back().part.count += segment.count;
      out.back().part.usual += due;
    } else {
      out.push_back({segment.from, segment.until, {series.name, segment.count, due}});
    }
  }
  return out;
}

CountSeries widened(const CountSeries& series, size_t by) {
  CountSeries out{series.name, {}};
  for (size_t i = 0; i < series.counts.size(); ++i) {
    if (i % by == 0) out.counts.push_back(0);
    out.counts.back() += series.counts[i];
  }
  return out;
}

void take_in(LogIncident& incident, LogIncident::Part part) {
  incident.count += part.count;
  for (LogIncident::Part& known : incident.parts)
    if (known.name == part.name) {
      known.count += part.count;
      known.usual += part.usual;
      return;
    }
  incident.parts.push_back(std::move(part));
}

}  // namespace

std::vector<LogIncident> find_incidents(const std::vector<CountSeries>& series,
                                        base::CivilTime from, int64_t step,
                                        const IncidentParameters& parameters) {
  size_t length = 0;
  for (const CountSeries& one : series) length = std::max(length, one.counts.size());
  if (length < kLeastCounts) return {};
  const size_t by = (length + kMaxCounts - 1) / kMaxCounts;
  const size_t steps = (length + by - 1) / by;
  std::vector<High> highs;
  for (const CountSeries& one : series)
    for (High& high : high_parts(by > 1 ? widened(one, by) : one, parameters))
      highs.push_back(std::move(high));
  std::stable_sort(highs.begin(), highs.end(),
                   [](const High& a, const High& b) { return a.from < b.from; });
  const int64_t wide = step * static_cast<int64_t>(by);
  std::vector<LogIncident> out;
  size_t open_until = 0;
  for (High& high : highs) {
    if (out.empty() || high.from >= open_until) {
      out.emplace_back();
      out.back().from = from + static_cast<int64_t>(high.from) * wide;
      out.back().from_start = high.from == 0;
      open_until = 0;
    }
    LogIncident& incident = out.back();
    open_until = std::max(open_until, high.until);
    incident.until = from + static_cast<int64_t>(std::min(open_until * by, length)) * step;
    incident.to_end = open_until >= steps;
    take_in(incident, std::move(high.part));
  }
  for (LogIncident& incident : out)
    std::stable_sort(incident.parts.begin(), incident.parts.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
  return out;
}

}  // namespace ngxdiag::analyze

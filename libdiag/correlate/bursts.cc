#include "libdiag/correlate/bursts.h"

#include <algorithm>

namespace ngxdiag::correlate {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"storm.bursts", Unit::kCount, "bursts of crashes"},
    {"storm.deaths", Unit::kCount, "crashes of the largest burst"},
    {"storm.start", Unit::kTime, "its first crash"},
    {"storm.end", Unit::kTime, "its last crash"},
    {"storm.seconds", Unit::kSeconds, "how long it lasted"},
    {"storm.peak_per_second", Unit::kPerSecond, "its worst second"},
    {"storm.per_second", Unit::kPerSecond, "its mean rate"},
};

void run(const CorrelatorInput& in, model::FactSink& facts) {
  const model::Fact* deaths = in.known.find("deaths.total");
  if (!deaths) return;
  const auto bursts =
      find_bursts(in.events, static_cast<int64_t>(in.thresholds.at("burst_gap_seconds")));
  facts.put("storm.bursts", static_cast<int64_t>(bursts.size()), deaths->evidence);
  if (bursts.empty()) return;
  const Burst& worst =
      *std::max_element(bursts.begin(), bursts.end(),
                        [](const Burst& a, const Burst& b) { return a.deaths < b.deaths; });
  facts.put("storm.deaths", worst.deaths, worst.first);
  facts.put("storm.start", base::format_civil(worst.start), worst.first);
  facts.put("storm.end", base::format_civil(worst.end), worst.first);
  facts.put("storm.seconds", worst.end - worst.start, worst.first);
  facts.put("storm.peak_per_second", worst.peak_per_second, worst.first);
  facts.put("storm.per_second",
            static_cast<double>(worst.deaths) / static_cast<double>(worst.end - worst.start + 1),
            worst.first);
}

}  // namespace

std::vector<Burst> find_bursts(const std::vector<model::Event>& events, int64_t gap) {
  std::vector<Burst> bursts;
  base::CivilTime second = 0;
  int64_t in_second = 0;
  for (const model::Event& event : events) {
    if (event.kind != model::EventKind::kDeath || !event.time) continue;
    if (bursts.empty() || *event.time - bursts.back().end > gap) {
      bursts.push_back({*event.time, *event.time, 0, 0, event.ref});
      in_second = 0;
    }
    Burst& burst = bursts.back();
    burst.end = *event.time;
    ++burst.deaths;
    in_second = in_second > 0 && *event.time == second ? in_second + 1 : 1;
    second = *event.time;
    burst.peak_per_second = std::max(burst.peak_per_second, in_second);
  }
  return bursts;
}

const Correlator kBursts = {"bursts", kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::correlate

#include "libdiag/correlate/acme_storm.h"

#include "libdiag/correlate/bursts.h"

namespace ngxdiag::correlate {
namespace {

using model::EventKind;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"acme_storm.failed_during", Unit::kCount,
     "renewals that failed during or just after a burst of crashes"},
    {"acme_storm.failed_outside", Unit::kCount, "renewals that failed at another time"},
    {"acme_storm.renewed_before", Unit::kCount,
     "renewals that succeeded before the first burst, in the same run"},
};

void run(const CorrelatorInput& in, model::FactSink& facts) {
  const model::Fact* failures = in.known.find("acme.failed");
  if (!failures) return;
  const auto bursts =
      find_bursts(in.events, static_cast<int64_t>(in.thresholds.at("burst_gap_seconds")));
  if (bursts.empty()) return;
  const auto margin = static_cast<int64_t>(in.thresholds.at("acme_after_storm_seconds"));
  const auto run_length = static_cast<int64_t>(in.thresholds.at("acme_run_seconds"));
  int64_t during = 0, outside = 0, before = 0;
  std::vector<model::SourceRef> refs, before_refs;
  for (const model::Event& event : in.events) {
    if (!event.time) continue;
    if (event.kind == EventKind::kAcmeRenewed && *event.time <= bursts.front().start + margin &&
        bursts.front().start - *event.time <= run_length) {
      ++before;
      before_refs.push_back(event.ref);
    }
    if (event.kind != EventKind::kAcmeFailed) continue;
    bool inside = false;
    for (const Burst& burst : bursts)
      inside = inside || (*event.time >= burst.start && *event.time <= burst.end + margin);
    ++(inside ? during : outside);
    if (inside) refs.push_back(event.ref);
  }
  facts.put("acme_storm.failed_during", during, refs.empty() ? failures->evidence : refs);
  facts.put("acme_storm.failed_outside", outside, failures->evidence);
  if (before > 0) facts.put("acme_storm.renewed_before", before, before_refs);
}

}  // namespace

const Correlator kAcmeStorm = {"acme_storm", kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::correlate

#include "libdiag/correlate/onset.h"

namespace ngxdiag::correlate {
namespace {

using model::EventKind;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"onset.after", Unit::kNone,
     "what came last before the first crash: reload, start, upgrade, package, reopen"},
    {"onset.seconds_after", Unit::kSeconds, "how long before"},
    {"onset.reload_seconds", Unit::kSeconds, "from the last reload to the first crash"},
    {"onset.reloads_before", Unit::kCount, "reloads between the last start and the first crash"},
    {"onset.package", Unit::kNone,
     "nginx or module package upgraded within a day before the first crash"},
};

std::string_view word(EventKind kind) {
  switch (kind) {
    case EventKind::kStart: return "start";
    case EventKind::kUpgrade: return "upgrade";
    case EventKind::kReload: return "reload";
    case EventKind::kReopen: return "reopen";
    case EventKind::kPackage: return "package";
    default: return {};
  }
}

void run(const CorrelatorInput& in, model::FactSink& facts) {
  const model::Event* first = nullptr;
  for (const model::Event& event : in.events)
    if (event.kind == EventKind::kDeath && event.time) {
      first = &event;
      break;
    }
  if (!first) return;
  const model::Event* before = nullptr;
  const model::Event* reload = nullptr;
  const model::Event* package = nullptr;
  int64_t reloads = 0;
  for (const model::Event& event : in.events) {
    if (!event.time || *event.time > *first->time) break;
    if (event.kind == EventKind::kStart) reloads = 0;
    if (event.kind == EventKind::kReload) {
      ++reloads;
      reload = &event;
    }
    if (event.kind == EventKind::kPackage) package = &event;
    if (!word(event.kind).empty() && event.kind != EventKind::kReopen) before = &event;
  }
  const std::vector<model::SourceRef> refs{first->ref};
  if (before) {
    facts.put("onset.after", std::string(word(before->kind)), before->ref);
    facts.put("onset.seconds_after", *first->time - *before->time,
              std::vector{before->ref, first->ref});
  }
  if (reload) {
    facts.put("onset.reload_seconds", *first->time - *reload->time,
              std::vector{reload->ref, first->ref});
    facts.put("onset.reloads_before", reloads, reload->ref);
  }
  if (package && static_cast<double>(*first->time - *package->time) <=
                     in.thresholds.at("package_onset_seconds"))
    facts.put("onset.package", package->says, package->ref);
}

}  // namespace

const Correlator kOnset = {"onset", kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::correlate

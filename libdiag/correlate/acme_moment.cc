#include "libdiag/correlate/acme_moment.h"

#include <algorithm>
#include <cstdlib>

namespace ngxdiag::correlate {
namespace {

using model::Event;
using model::EventKind;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"acme_moment.says", Unit::kNone,
     "for each failed renewal, the nearest thing that happened to nginx"},
    {"acme_moment.before_start", Unit::kCount,
     "renewals that failed shortly before nginx started: it was down"},
    {"acme_moment.after_reload", Unit::kCount,
     "renewals that failed within seconds after a reload: the new workers were not there yet"},
    {"acme_moment.after_crash", Unit::kCount,
     "renewals that failed shortly after a worker crashed"},
    {"acme_moment.quiet", Unit::kCount,
     "renewals that failed while nothing happened to nginx, as far as its log shows"},
};

// What may keep nginx from answering.
bool matters(EventKind kind) {
  switch (kind) {
    case EventKind::kStart:
    case EventKind::kUpgrade:
    case EventKind::kReload:
    case EventKind::kReloadRefused:
    case EventKind::kDeath:
    case EventKind::kKilled:
    case EventKind::kFatalExit:
    case EventKind::kOom:
    case EventKind::kUnit: return true;
    default: return false;
  }
}

std::string sentence(const Event& failure, const Event& event) {
  const int64_t apart = *failure.time - *event.time;
  const std::string when =
      apart == 0 ? "in the same second as: "
                 : std::to_string(std::abs(apart)) + (apart > 0 ? " s after: " : " s before: ");
  return (failure.subject.empty() ? "a renewal" : failure.subject) + " failed " + when + event.says;
}

void run(const CorrelatorInput& in, model::FactSink& facts) {
  const auto window = static_cast<int64_t>(in.thresholds.at("acme_moment_seconds"));
  const auto reload_window = static_cast<int64_t>(in.thresholds.at("acme_reload_seconds"));
  std::vector<const Event*> failures, others;
  for (const Event& event : in.events) {
    if (!event.time) continue;
    if (event.kind == EventKind::kAcmeFailed) failures.push_back(&event);
    if (matters(event.kind)) others.push_back(&event);
  }
  // Without a single event of nginx nobody knows what it was doing.
  if (failures.empty() || others.empty()) return;
  constexpr size_t kMaxSentences = 20;
  int64_t before_start = 0, after_reload = 0, after_crash = 0, quiet = 0;
  std::vector<std::string> says;
  std::vector<model::SourceRef> refs, quiet_refs;
  for (const Event* failure : failures) {
    const auto at = [](const Event* event, int64_t time) { return *event->time < time; };
    auto near = std::lower_bound(others.begin(), others.end(), *failure->time - window, at);
    const Event* nearest = nullptr;
    bool start = false, reload = false, crash = false;
    for (; near != others.end() && *(*near)->time <= *failure->time + window; ++near) {
      const Event& event = **near;
      const int64_t apart = *failure->time - *event.time;
      start = start || (event.kind == EventKind::kStart && apart <= 0);
      reload = reload || (event.kind == EventKind::kReload && apart >= 0 && apart <= reload_window);
      crash = crash || (event.kind == EventKind::kDeath && apart >= 0);
      if (!nearest || std::abs(apart) < std::abs(*failure->time - *nearest->time)) nearest = &event;
    }
    before_start += start;
    after_reload += reload;
    after_crash += crash;
    if (!nearest) {
      ++quiet;
      quiet_refs.push_back(failure->ref);
    } else if (says.size() < kMaxSentences) {
      says.push_back(sentence(*failure, *nearest));
      refs.push_back(nearest->ref);
    }
  }
  const std::vector<model::SourceRef> looked{failures.front()->ref};
  const auto& shown = refs.empty() ? looked : refs;
  facts.put("acme_moment.says", says, shown);
  facts.put("acme_moment.before_start", before_start, shown);
  facts.put("acme_moment.after_reload", after_reload, shown);
  facts.put("acme_moment.after_crash", after_crash, shown);
  facts.put("acme_moment.quiet", quiet, quiet_refs.empty() ? looked : quiet_refs);
}

}  // namespace

const Correlator kAcmeMoment = {"acme_moment", kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::correlate

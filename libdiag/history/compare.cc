#include "libdiag/history/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "libdiag/model/instance_fact.h"

namespace ngxdiag::history {
namespace {

using model::Change;

// A finding below this is a candidate, not a statement (libdiag/pipeline/verdict.cc says the same).
constexpr double kLikely = 0.5;
// Below this a confidence moves with every line of the log.
constexpr double kNotable = 0.1;
// A number less than doubled or halved is the usual coming and going of processes.
constexpr double kFactor = 2;

enum class Worse { kMore, kMoreOnly, kLess };

struct Tracked {
  std::string_view fact, title;
  Worse worse;  // kMoreOnly: counts lines of logs
  model::Severity severity;
};

constexpr Tracked kTracked[] = {
    {"deaths.total", "children that died on a signal", Worse::kMoreOnly,
     model::Severity::kCritical},
    {"processes.missing_workers", "workers that should serve and do not", Worse::kMore,
     model::Severity::kCritical},
    {"nchan.reloads_left", "reloads left until nchan kills every new worker", Worse::kLess,
     model::Severity::kWarning},
    {"stale.workers", "old workers still shutting down", Worse::kMore, model::Severity::kWarning},
    {"reloads.refused", "reloads that nginx refused", Worse::kMoreOnly, model::Severity::kWarning},
    {"kernel.oom_kills", "nginx processes ended by the OOM killer", Worse::kMoreOnly,
     model::Severity::kCritical},
    {"acme.failed", "certificate renewals that failed", Worse::kMoreOnly,
     model::Severity::kWarning},
};

template <typename List, typename Same>
auto find(const List& all, Same same) -> const typename List::value_type* {
  const auto it = std::find_if(all.begin(), all.end(), same);
  return it == all.end() ? nullptr : &*it;
}

const Trouble* find(const std::vector<Trouble>& all, const Trouble& one) {
  return find(all, [&](const Trouble& other) {
    return other.id == one.id && other.instance == one.instance;
  });
}

Change change(Change::Kind kind, const Trouble& of, std::string how) {
  return {kind, of.id, of.instance, of.title, of.severity, std::move(how)};
}

std::string number(double value) {
  char out[40];
  std::snprintf(out, sizeof out, value == std::floor(value) ? "%.0f" : "%.2f", value);
  return out;
}

std::string percent(double confidence) { return number(std::round(confidence * 100)) + " %"; }

void compare_troubles(const Past& before, const Past& after, std::vector<Change>& out) {
  for (const Trouble& now : after.troubles) {
    const Trouble* then = find(before.troubles, now);
    if (!then) {
      out.push_back(change(Change::Kind::kNew, now, ""));
    } else if (then->severity != now.severity) {
      out.push_back(
          change(now.severity > then->severity ? Change::Kind::kWorse : Change::Kind::kBetter, now,
                 std::string(model::severity_name(then->severity)) + " -> " +
                     std::string(model::severity_name(now.severity))));
    } else if (std::fabs(now.confidence - then->confidence) >= kNotable) {
      out.push_back(
          change(now.confidence > then->confidence ? Change::Kind::kWorse : Change::Kind::kBetter,
                 now, percent(then->confidence) + " -> " + percent(now.confidence)));
    }
  }
  for (const Trouble& then : before.troubles)
    if (!find(after.troubles, then)) out.push_back(change(Change::Kind::kGone, then, ""));
}

bool differs(double then, double now) {
  if ((then == 0) != (now == 0)) return true;
  const double small = std::min(then, now), large = std::max(then, now);
  return large > small && large >= kFactor * small;
}

void compare_measures(const Past& before, const Past& after, std::vector<Change>& out) {
  for (const Tracked& tracked : kTracked) {
    const auto same = [&](const Measure& one) { return one.name == tracked.fact; };
    const Measure *then = find(before.measures, same), *now = find(after.measures, same);
    if (!then || !now || !differs(then->value, now->value)) continue;
    const bool more = now->value > then->value;
    if (!more && tracked.worse == Worse::kMoreOnly) continue;
    out.push_back(
        {more == (tracked.worse != Worse::kLess) ? Change::Kind::kWorse : Change::Kind::kBetter,
         std::string(tracked.fact), "", std::string(tracked.title), tracked.severity,
         number(then->value) + " -> " + number(now->value)});
  }
}

}  // namespace

Past to_past(const model::Report& report) {
  Past out{report.generated, report.verdict, {}, {}};
  for (const model::Finding& finding : report.findings)
    if (finding.confidence >= kLikely)
      out.troubles.push_back(
          {finding.id, finding.instance, finding.title, finding.severity, finding.confidence});
  for (const model::Symptom& symptom : report.symptoms)
    out.troubles.push_back({symptom.id, "", symptom.says, symptom.severity, 1});
  for (const Tracked& tracked : kTracked)
    if (const auto value = model::instance_number(
            report.facts, tracked.fact,
            tracked.worse == Worse::kLess ? model::Fold::kLeast : model::Fold::kSum))
      out.measures.push_back({std::string(tracked.fact), *value});
  return out;
}

model::Changes compare(const Past& before, const Past& after) {
  model::Changes out{before.generated, before.verdict, {}};
  compare_troubles(before, after, out.items);
  compare_measures(before, after, out.items);
  std::stable_sort(out.items.begin(), out.items.end(),
                   [](const Change& a, const Change& b) { return a.kind < b.kind; });
  return out;
}

}  // namespace ngxdiag::history

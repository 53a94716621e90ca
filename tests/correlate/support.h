// Events and facts for tests of correlators.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libdiag/correlate/registry.h"

namespace ngxdiag::correlate {

inline model::Event event(model::EventKind kind, base::CivilTime time) {
  model::Event out;
  out.kind = kind;
  out.time = time;
  out.ref = {"error_log", "error.log"};
  return out;
}

// Facts of all correlators over `events` (in time order) and `known`.
inline model::FactSet correlated(const std::vector<model::Event>& events, model::FactSet known) {
  const std::map<std::string, double, std::less<>> thresholds = {
      {"burst_gap_seconds", 60},         {"package_onset_seconds", 86400},
      {"acme_after_storm_seconds", 900}, {"acme_moment_seconds", 60},
      {"acme_reload_seconds", 5},        {"acme_run_seconds", 7200}};
  for (const Correlator* correlator : correlators()) {
    model::FactSink sink(known, correlator->name, correlator->specs, correlator->spec_count);
    correlator->run({events, known, thresholds, 100000}, sink);
  }
  return known;
}

inline model::FactSet counted(std::string_view name, int64_t value) {
  model::FactSet out;
  out.put(name, value, {{"error_log", "error.log"}}, "test");
  return out;
}

}  // namespace ngxdiag::correlate

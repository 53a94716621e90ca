// What a correlator is: facts and events of several analyzers become facts about how they hang
// together.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/model/event.h"
#include "libdiag/model/fact.h"

namespace ngxdiag::correlate {

struct CorrelatorInput {
  const std::vector<model::Event>& events;  // in time order; those without a time last
  const model::FactSet& known;
  const std::map<std::string, double, std::less<>>& thresholds;  // rules/data/thresholds.json
  base::CivilTime now;
};

struct Correlator {
  std::string_view name;
  const model::FactSpec* specs;
  size_t spec_count;
  void (*run)(const CorrelatorInput&, model::FactSink&);
};

// All correlators, in the order they run.
const std::vector<const Correlator*>& correlators();

}  // namespace ngxdiag::correlate

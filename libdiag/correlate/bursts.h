// Deaths close together are one storm: when it began and ended, how hard it blew, whether it goes
// on. Facts: storm.*
#pragma once

#include "libdiag/correlate/correlator.h"

namespace ngxdiag::correlate {

struct Burst {
  base::CivilTime start = 0, end = 0;
  int64_t deaths = 0, peak_per_second = 0;
  model::SourceRef first;
};

// Bursts of deaths, split where `gap` seconds pass without one. `events` in time order.
std::vector<Burst> find_bursts(const std::vector<model::Event>& events, int64_t gap);

extern const Correlator kBursts;

}  // namespace ngxdiag::correlate

// Windows of a log in which something was logged far more often than usual: series of counts (of
// one class of messages each, one count to a bucket of time) cut at their changes of rate, the high
// parts that overlap taken together.
//   upstream refused   2 3 1 2 900 850 920 2 1   ->  one incident of three minutes,
//   deaths             0 0 0 0   0  12   9 0 0       two of its parts
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libdiag/base/time.h"

namespace ngxdiag::analyze {

// rules/data/thresholds.json has their values and reasons.
struct IncidentParameters {
  double penalty = 3;    // incident_change_penalty
  double factor = 3;     // incident_factor
  double evidence = 20;  // incident_evidence
  int64_t least = 5;     // incident_least
};

struct CountSeries {
  std::string name;
  std::vector<int64_t> counts;
};

struct LogIncident {
  struct Part {
    std::string name;
    int64_t count = 0;
    double usual = 0;  // what the same time would have held
  };
  base::CivilTime from = 0, until = 0;
  bool from_start = false, to_end = false;  // it was there when the log began, or when it ended
  int64_t count = 0;                        // of all parts
  std::vector<Part> parts;                  // the largest first
};

// All series begin at `from` and have one count for each `step` seconds. In order of time.
std::vector<LogIncident> find_incidents(const std::vector<CountSeries>& series,
                                        base::CivilTime from, int64_t step,
                                        const IncidentParameters& parameters);

}  // namespace ngxdiag::analyze

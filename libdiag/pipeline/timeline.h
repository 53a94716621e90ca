// Events as the report's timeline: bursts folded into one line each, everything in time order.
#pragma once

#include <vector>

#include "libdiag/model/event.h"
#include "libdiag/model/report.h"

namespace ngxdiag::pipeline {

// Runs of deaths (and of reloads) with no more than `gap` seconds between two become one entry with
// its count; `events` in time order, those without a time are left out.
std::vector<model::TimelineEvent> make_timeline(const std::vector<model::Event>& events,
                                                int64_t gap);

}  // namespace ngxdiag::pipeline

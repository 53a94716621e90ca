// The timeline as an inline SVG drawing: a lane each for reloads, deaths, kills, certificate
// renewals and the rest, the processes that are still there by their start, and the lives of
// workers by generation, over one axis of time. Marks carry titles, the drawing a title and a
// description; the same stands in the report as text.
#pragma once

#include <string>
#include <vector>

#include "libdiag/model/report.h"
#include "libdiag/render/generations.h"

namespace ngxdiag::render {

// `workers` is drawn when it has rows. Empty when there is nothing to draw: fewer than two moments.
std::string html_timeline(const std::vector<model::TimelineEvent>& timeline,
                          const std::vector<Generation>& workers = {});

// Distance of the axis' ticks for a span of so many seconds: 1 s, 5 s, 1 min, 1 h, 1 d …, at most
// nine ticks.
int64_t tick_seconds(int64_t span);

}  // namespace ngxdiag::render

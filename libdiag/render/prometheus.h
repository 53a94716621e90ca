// The report as metrics in Prometheus' text format, for the textfile collector of node_exporter:
//   # HELP ngxdiag_verdict The verdict: 1 for the one that holds, 0 for the others.
//   # TYPE ngxdiag_verdict gauge
//   ngxdiag_verdict{verdict="critical"} 1
// A metric whose fact is unknown is left out: absent is not zero. The host is no label; the
// collector adds its own.
#pragma once

#include <string>
#include <string_view>

#include "libdiag/model/report.h"

namespace ngxdiag::render {

std::string render_prometheus(const model::Report& report);

// As the value of a label, without quotes: backslash, quote and line end escaped, other control
// bytes and invalid UTF-8 shown as \xNN.
std::string prometheus_label(std::string_view text);

}  // namespace ngxdiag::render

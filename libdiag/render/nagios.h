// One line for Nagios, Icinga and their kin (Monitoring Plugins guidelines: text, then `|` and
// perfdata).
//   NGINX CRITICAL - Nchan's worker slots are used up (99 %) | critical=1;;0;0 warning=0;0;;0
//   processes=147;100;140;0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/model/instance_fact.h"
#include "libdiag/model/report.h"

namespace ngxdiag::render {

std::string render_nagios(const model::Report& report);

// A number that a check may have thresholds for.
struct NagiosMetric {
  std::string_view name;  // of the perfdata and of the thresholds
  std::string_view fact;  // where it comes from; empty: the confidence of the story, in percent
  std::string_view unit;  // "s", "B", "%" or nothing
  std::string_view meaning;
  model::Fold fold = model::Fold::kSum;  // of several nginx
};
const std::vector<NagiosMetric>& nagios_metrics();

// Its value; empty when unknown.
std::optional<double> nagios_value(const model::Report& report, const NagiosMetric& metric);

// A metric's thresholds as written, for the perfdata, and what they said.
struct NagiosLimit {
  std::string metric, warning, critical;
  bool crossed = false;
};

// As render_nagios(report), with `state` as the verdict and the limits in perfdata. A crossed limit
// stands in the text, the first before the story.
std::string render_nagios(const model::Report& report, model::Verdict state,
                          const std::vector<NagiosLimit>& limits);

}  // namespace ngxdiag::render

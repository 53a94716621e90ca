// One line for Nagios, Icinga and their kin (Monitoring Plugins guidelines: text, then `|` and
// perfdata).
//   NGINX CRITICAL - Nchan's worker slots are used up (99 %) | critical=1;;0 warning=0;0
//   confidence=99%
#pragma once

#include <string>

#include "libdiag/model/report.h"

namespace ngxdiag::render {

std::string render_nagios(const model::Report& report);

}  // namespace ngxdiag::render

// What the checks of a configuration found, as SARIF 2.1.0: a result for each finding at its file,
// line and column; what a comment or a baseline puts aside carries a suppression.
#pragma once

#include <string>

#include "libdiag/model/config_report.h"

namespace ngxdiag::render {

std::string render_config_sarif(const model::ConfigReport& report);

}  // namespace ngxdiag::render

// What the checks of a configuration found, as JUnit XML: a test case for each finding, failed from
// severity warning on.
#pragma once

#include <string>

#include "libdiag/model/config_report.h"

namespace ngxdiag::render {

std::string render_config_junit(const model::ConfigReport& report);

}  // namespace ngxdiag::render

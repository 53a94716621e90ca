// What the checks of a configuration found, as JSON of schema ngxdiag.config/1 (docs/config.md).
#pragma once

#include <string>

#include "libdiag/json/node.h"
#include "libdiag/model/config_report.h"

namespace ngxdiag::render {

std::string render_config_json(const model::ConfigReport& report);

}  // namespace ngxdiag::render

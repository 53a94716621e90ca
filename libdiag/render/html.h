// The report as one self-contained HTML page: nothing is loaded from anywhere, and no script is
// needed to read it. Light and dark, for the screen and for paper; its Content-Security-Policy
// forbids everything but its own style and script. The story stands first.
#pragma once

#include <string>

#include "libdiag/model/report.h"

namespace ngxdiag::render {

std::string render_html(const model::Report& report);

}  // namespace ngxdiag::render

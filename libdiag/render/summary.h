// What a stretch of time brought, from the history of reports: for a terminal or a mail, for a
// ticket, for programs.
//   nginx on web1, 2026-04-15 09:00:00 to 2026-04-22 09:00:00: 672 reports, 660 ok, 12 critical
#pragma once

#include <string>

#include "libdiag/model/summary.h"

namespace ngxdiag::render {

// Wrapped at `width` columns, without colour.
std::string summary_text(const model::Summary& summary, size_t width);
std::string summary_markdown(const model::Summary& summary);
// Schema ngxdiag.summary/1 (docs/reports.md).
std::string summary_json(const model::Summary& summary);

}  // namespace ngxdiag::render

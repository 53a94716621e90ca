// The report as Markdown for tickets and chat. Text of the evidence is escaped, commands stand in
// fenced blocks that copy as they are.
#pragma once

#include <string>

#include "libdiag/model/report.h"

namespace ngxdiag::render {

std::string render_markdown(const model::Report& report);

}  // namespace ngxdiag::render

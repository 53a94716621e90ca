// The findings as SARIF 2.1.0 (OASIS), for code hosts and editors that show results of analysis:
// a result for each finding, at the lines of its evidence.
#pragma once

#include <string>
#include <string_view>

#include "libdiag/json/node.h"
#include "libdiag/model/report.h"

namespace ngxdiag::render {

std::string render_sarif(const model::Report& report);

// A path as a URI reference (RFC 3986): "a b/c" -> "a%20b/c", "/etc/x" -> "file:///etc/x".
std::string path_uri(std::string_view path);

// What both kinds of SARIF reports are made of: the level of a severity ("note", "warning",
// "error") and a message object.
std::string_view sarif_level(model::Severity severity);
json::Node sarif_text(const std::string& text);

}  // namespace ngxdiag::render

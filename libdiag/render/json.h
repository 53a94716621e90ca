// The report as JSON, schema ngxdiag.report/1 (docs/report.schema.json).
//   {"schema": "ngxdiag.report/1", "generated": "2026-04-22T09:00:00+02:00", "host": "web1", …}
#pragma once

#include <string>

#include "libdiag/json/node.h"
#include "libdiag/model/report.h"

namespace ngxdiag::render {

// Ends with a line end. Valid UTF-8 whatever the evidence holds.
std::string render_json(const model::Report& report);

// The parts that other JSON outputs share.
json::Node to_node(const model::SourceRef& source);
json::Node to_node(const model::Value& value);
json::Node to_node(const model::FactSet& facts);

}  // namespace ngxdiag::render

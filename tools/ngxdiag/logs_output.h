// A survey of logs for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "libdiag/analyze/log_survey.h"
#include "libdiag/analyze/survey_incidents.h"
#include "libdiag/json/node.h"

namespace ngxdiag::tools {

using Incidents = std::vector<analyze::SurveyIncident>;

std::string survey_text(const analyze::Survey& survey, const Incidents& incidents, size_t width,
                        bool color, bool interrupted);

// Schema ngxdiag.logs/1 (docs/logs.md).
json::Node survey_json(const analyze::Survey& survey, const Incidents& incidents, bool interrupted);

// One line of --events ndjson, schema ngxdiag.event/1 (docs/events.md), with its line end.
std::string event_line(const analyze::SurveyEvent& event);

}  // namespace ngxdiag::tools

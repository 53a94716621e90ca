// The timeline of a survey as a histogram for terminals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libdiag/analyze/log_survey.h"
#include "libdiag/analyze/survey_incidents.h"
#include "libdiag/render/page.h"

namespace ngxdiag::tools {

// One row for each step of time, fitted to the log: a bar (dark: error and above, light: the rest),
// the number of lines, deaths by signal, reloads and the causes that stand out. Rows of an incident
// are coloured.
void show_timeline(render::Page& page, const analyze::Survey& survey,
                   const std::vector<analyze::SurveyIncident>& incidents, size_t width);

// A step of time that people count in (minutes, quarters, hours, days), a multiple of `least`, so
// that `span` seconds have at most `rows` of them.
int64_t fitting_step(int64_t span, int64_t least, int64_t rows);

// "1,825 deaths (1,355×11, 470×6)"; "" for none.
std::string deaths_words(const std::map<int, int64_t>& signals);

}  // namespace ngxdiag::tools

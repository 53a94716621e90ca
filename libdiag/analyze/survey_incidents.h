// The incidents of a surveyed log, each with what the log tells around it: deaths and reloads
// within, the reload before, messages that had never been seen before.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libdiag/analyze/log_incidents.h"
#include "libdiag/analyze/log_survey.h"

namespace ngxdiag::analyze {

struct SurveyIncident {
  LogIncident window;  // parts are named by the classes of messages (parse/message_class.h)
  std::map<int, int64_t> signals;
  int64_t reloads = 0;                           // within
  std::optional<base::CivilTime> reload_before;  // the bucket of the last one, shortly before
  std::vector<std::string> new_messages;         // ids, the most frequent first
};

// `thresholds` are those of rules/data/thresholds.json. None when the log is too short to compare.
std::vector<SurveyIncident> survey_incidents(
    const Survey& survey, const std::map<std::string, double, std::less<>>& thresholds);

}  // namespace ngxdiag::analyze

#include "libdiag/analyze/survey_incidents.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

const std::map<std::string, double, std::less<>> kThresholds{{"incident_change_penalty", 3},
                                                             {"incident_factor", 3},
                                                             {"incident_evidence", 20},
                                                             {"incident_least", 5},
                                                             {"incident_reload_seconds", 600}};

std::string at(int minute, int second) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return "2026/04/21 23:" + two(minute) + ":" + two(second);
}

}  // namespace

TEST_CASE("a crash storm after a reload is one incident with its signals and new messages") {
  LogSurvey survey({}, {});
  survey.begin("error.log");
  for (int minute = 0; minute < 50; ++minute) {
    survey.line(at(minute, 1) +
                " [error] 9#9: *1 connect() failed (111: Connection refused) while connecting to "
                "upstream, client: 192.0.2.1, server: a");
    if (minute == 28) survey.line(at(minute, 2) + " [notice] 8#8: reconfiguring");
    if (minute < 30 || minute > 33) continue;
    for (int i = 0; i < 20; ++i)
      survey.line(at(minute, 3 + i) + " [alert] 8#8: worker process " + std::to_string(900 + i) +
                  " exited on signal 11");
  }
  const auto found = survey_incidents(survey.finish(), kThresholds);
  REQUIRE(found.size() == 1);
  const SurveyIncident& incident = found[0];
  CHECK(incident.window.from == base::parse_civil("2026/04/21 23:30:00"));
  CHECK(incident.window.until == base::parse_civil("2026/04/21 23:34:00"));
  REQUIRE(incident.window.parts.size() == 1);
  CHECK(incident.window.parts[0].name == "deaths");
  CHECK(incident.window.parts[0].count == 80);
  CHECK(incident.signals.at(11) == 80);
  CHECK(incident.reload_before == base::parse_civil("2026/04/21 23:28:00"));
  REQUIRE(incident.new_messages.size() == 1);
  CHECK(incident.new_messages[0] == "process.exited-on-signal");
}

TEST_CASE("a quiet log and an empty one have no incident") {
  LogSurvey survey({}, {});
  survey.begin("error.log");
  for (int minute = 0; minute < 50; ++minute)
    survey.line(at(minute, 1) + " [error] 9#9: *1 upstream timed out (110: Connection timed out)");
  CHECK(survey_incidents(survey.finish(), kThresholds).empty());
  CHECK(survey_incidents(Survey(), kThresholds).empty());
}

#include "libdiag/analyze/log_survey.h"

#include <doctest/doctest.h>

#include <string>

#include "libdiag/base/text.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

const std::string kStorm =
    "2026/04/21 23:18:00 [notice] 812#812: signal process started\n"
    "2026/04/21 23:18:00 [notice] 812#812: reconfiguring\n"
    "2026/04/21 23:18:00 [notice] 812#812: start worker processes\n"
    "2026/04/21 23:18:00 [notice] 812#812: start worker process 900\n"
    "2026/04/21 23:18:01 [error] 900#900: *7 connect() failed (111: Connection refused) while "
    "connecting to upstream, client: 192.0.2.1, server: a, request: \"GET / HTTP/1.1\", upstream: "
    "\"http://10.0.0.5:80/\", host: \"a.example\"\n"
    "ker process: /build/memstore.c:705: nchan_store_init_worker: Assertion `procslot_found == 1' "
    "failed.\n"
    "2026/04/21 23:18:02 [alert] 812#812: worker process 900 exited on signal 6\n"
    "2026/04/21 23:18:02 [error] 812#812: a text that nobody prints 17\n"
    "\ta continuation\n";

Survey survey_of(std::string_view text, std::optional<base::CivilTime> since = {},
                 std::optional<base::CivilTime> until = {}) {
  LogSurvey survey(since, until);
  survey.begin("error.log");
  while (!text.empty()) survey.line(base::take_line(text));
  return survey.finish();
}

int64_t accounted(const Survey& s) {
  return s.identified + s.ambiguous + s.unknown + s.continuation + s.outside;
}

}  // namespace

TEST_CASE("every line is accounted for") {
  const Survey survey = survey_of(kStorm);
  CHECK(survey.lines == 9);
  CHECK(survey.unknown == 1);
  CHECK(survey.continuation == 1);
  CHECK(survey.outside == 0);
  CHECK(accounted(survey) == survey.lines);
  const Survey later = survey_of(kStorm, *base::parse_civil("2026/04/21 23:18:01"));
  CHECK(later.outside == 4);
  CHECK(accounted(later) == later.lines);
  const Survey garbage = survey_of(std::string("\0\x1b[31m\n\n2026/99/99\n[error]\n", 24));
  CHECK(accounted(garbage) == garbage.lines);
}

TEST_CASE("messages, levels, signals and those involved are counted") {
  const Survey survey = survey_of(kStorm);
  bool assertion = false;
  for (const SurveyMessage& message : survey.messages) assertion |= message.id == "libc.assertion";
  CHECK(assertion);
  CHECK(survey.total.levels[static_cast<size_t>(parse::Level::kError)] == 2);
  CHECK(survey.total.signals.at(6) == 1);
  CHECK(survey.total.reloads == 1);
  REQUIRE(survey.clients.size() == 1);
  CHECK(survey.clients[0].key == "192.0.2.1");
  CHECK(survey.upstreams[0].key == "http://10.0.0.5:80/");
  CHECK(survey.servers[0].key == "a.example");
  CHECK(survey.unknown_texts[0].key == "a text that nobody prints ##");
}

TEST_CASE("a worker's life has a beginning, a generation and an end") {
  const Survey survey = survey_of(kStorm);
  const SurveyWorker* found = nullptr;
  for (const SurveyWorker& worker : survey.workers)
    if (worker.pid == 900) found = &worker;
  REQUIRE(found != nullptr);
  CHECK(found->role == "worker process");
  CHECK(found->generation == 1);
  CHECK(found->started == base::parse_civil("2026/04/21 23:18:00"));
  CHECK(found->end == "signal 6");
  CHECK(found->ended == base::parse_civil("2026/04/21 23:18:02"));
}

TEST_CASE("a flood stands out as a burst, a quiet log has none") {
  std::string text;
  for (int minute = 10; minute < 40; ++minute)
    for (int i = 0; i < (minute == 30 ? 50 : 1); ++i)
      text += "2026/04/21 23:" + std::to_string(minute) +
              ":00 [error] 9#9: *1 upstream timed out (110: Connection timed out)\n";
  const Survey survey = survey_of(text);
  REQUIRE(survey.bursts.size() == 1);
  CHECK(survey.bursts[0].from == base::parse_civil("2026/04/21 23:30:00"));
  CHECK(survey.bursts[0].count == 50);
  CHECK(survey_of(kStorm).bursts.empty());
}

TEST_CASE("what a client forged inside a request is a continuation") {
  const Survey survey = survey_of(
      "2026/04/21 23:18:20 [error] 5#5: *1 open() \"/root/x\n"
      "2026/04/21 23:18:20 [alert] 1#1: worker process 2 exited on signal 11\n"
      "y\" failed (2: No such file or directory), client: 192.0.2.66, server: _, request: \"GET "
      "/x%0A HTTP/1.1\", host: \"a\"\n");
  CHECK(survey.suspect == 1);
  CHECK(survey.total.signals.empty());
  CHECK(accounted(survey) == 3);
}

TEST_CASE("a rotated set is read in the order of its times") {
  std::vector<source::Document> set;
  set.push_back(source::text_document("error.log", "2026/04/22 00:00:00 [error] 1#1: b\n"));
  set.push_back(source::text_document("error.log.1", "2026/04/21 00:00:00 [error] 1#1: a\n"));
  order_by_time(set);
  CHECK(set[0].path == "error.log.1");
}

TEST_CASE("an interrupted pass keeps what it has") {
  LogSurvey survey({}, {});
  CHECK(survey.add(source::text_document("error.log", kStorm)));
  CHECK_FALSE(survey.add(source::text_document("more.log", kStorm), [](int64_t) { return false; }));
  CHECK(survey.finish().lines >= 9);
}

TEST_CASE("memory of the timeline is bounded by widening it") {
  std::string text;
  LogSurvey survey({}, {});
  survey.begin("error.log");
  for (int64_t i = 0; i < 25000; ++i) {
    std::string time = base::format_civil(*base::civil(2026, 1, 1) + i * 60);
    time[4] = time[7] = '/';
    survey.line(time + " [error] 1#1: x");
  }
  const Survey out = survey.finish();
  CHECK(out.bucket_seconds == 240);
  CHECK(out.buckets.size() <= 10000);
}

TEST_CASE("counts of those involved are said to be approximate when they are") {
  CHECK_FALSE(survey_of(kStorm).involved_approximate);
  LogSurvey survey({}, {});
  survey.begin("error.log");
  for (int i = 0; i < 3000; ++i)
    survey.line(
        "2026/04/21 23:18:01 [error] 9#9: *7 connect() failed (111: Connection refused) while "
        "connecting to upstream, client: 192.0.2." +
        std::to_string(i) + ", server: a");
  const Survey many = survey.finish();
  CHECK(many.involved_approximate);
  CHECK(many.clients.size() <= 20);
}

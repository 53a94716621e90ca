#include "libdiag/pipeline/suppress.h"

#include <doctest/doctest.h>

#include "libdiag/base/error.h"

using namespace ngxdiag;
using namespace ngxdiag::pipeline;

namespace {
const base::CivilTime kNow = *base::civil(2026, 4, 22, 9);

model::Report report() {
  model::Report out;
  model::Finding storm;
  storm.id = storm.cause = "storm";
  storm.title = "A storm";
  model::Finding effect;
  effect.id = effect.cause = "effect";
  effect.explained_by = "storm";
  out.findings = {storm, effect};
  model::Symptom symptom;
  symptom.id = "slow";
  symptom.explained_by = "storm";
  out.symptoms = {symptom};
  return out;
}
}  // namespace

TEST_CASE("what is suppressed is listed apart with its reason, and its symptoms go with it") {
  model::Report one = report();
  suppress(one, read_suppressions(R"([{"id": "storm", "reason": "known, T-1"}])", "s.json"), kNow);
  REQUIRE(one.suppressed.size() == 1);
  CHECK(one.suppressed[0].reason == "known, T-1");
  REQUIRE(one.findings.size() == 1);
  CHECK(one.findings[0].explained_by.empty());
  CHECK(one.symptoms.empty());
}

TEST_CASE("a path covers what was read below it, and only when nothing speaks from elsewhere") {
  const auto left = [](const std::string& path, const std::vector<std::string>& read_from,
                       const std::string& id = "") {
    model::Report one;
    model::Finding finding;
    finding.id = finding.cause = "storm";
    for (const std::string& from : read_from)
      finding.evidence.push_back({"seen", 10, {"config", from, 3}, {}});
    finding.evidence.push_back({"against", -3, {"config", "/somewhere/else", 3}, {}});
    one.findings = {finding};
    suppress(one,
             read_suppressions("[{" + (id.empty() ? id : "\"id\": \"" + id + "\", ") +
                                   "\"path\": \"" + path + "\", \"reason\": \"r\"}]",
                               "s.json"),
             kNow);
    return one.findings.size();
  };
  const std::string old = "/etc/nginx/sites-enabled/old-shop", other = "/etc/nginx/nginx.conf";
  CHECK(left("/etc/nginx/sites-enabled/old-*", {old}) == 0);
  CHECK(left("/etc/nginx/sites-enabled/", {old, old}) == 0);
  CHECK(left("/etc/nginx/sites-enabled", {old, other}) == 1);
  CHECK(left("/etc/*/sites-enabled", {old}) == 0);
  CHECK(left("/etc/nginx/sites", {old}) == 1);
  CHECK(left("*", {old}) == 1);
  CHECK(left("/etc", {}) == 1);
  CHECK(left("/etc", {old}, "storm") == 0);
  CHECK(left("/etc", {old}, "calm") == 1);
}

TEST_CASE("a suppression holds through its last day, and is said when it has ended") {
  model::Report one = report();
  suppress(
      one,
      read_suppressions(R"([{"id": "storm", "reason": "r", "until": "2026-04-22"}])", "s.json"),
      kNow);
  CHECK(one.findings.size() == 1);
  model::Report two = report();
  suppress(
      two,
      read_suppressions(R"([{"id": "storm", "reason": "r", "until": "2026-04-21"}])", "s.json"),
      kNow);
  CHECK(two.findings.size() == 2);
  REQUIRE(two.not_observed.size() == 1);
  CHECK(two.not_observed[0].why.find("2026-04-21") != std::string::npos);
}

TEST_CASE(
    "without a reason, with a wrong day or an unknown member the file is refused with its place") {
  CHECK_THROWS_AS(read_suppressions(R"([{"id": "storm"}])", "s.json"), base::UserError);
  CHECK_THROWS_AS(read_suppressions(R"([{"id": "a", "reason": "b", "until": "soon"}])", "s.json"),
                  base::UserError);
  CHECK_THROWS_AS(
      read_suppressions(R"([{"id": "a", "reason": "b", "untl": "2026-01-01"}])", "s.json"),
      base::UserError);
  CHECK_THROWS_AS(read_suppressions(R"([{"reason": "b"}])", "s.json"), base::UserError);
  CHECK_THROWS_AS(read_suppressions(R"([{"path": "", "reason": "b"}])", "s.json"), base::UserError);
  CHECK_THROWS_AS(read_suppressions(R"([{"path": "/etc"}])", "s.json"), base::UserError);
  CHECK_THROWS_AS(read_suppressions("{}", "s.json"), base::UserError);
}

TEST_CASE("a baseline is an earlier report; anything else is refused") {
  const auto old = read_baseline(
      R"({"schema": "ngxdiag.report/1", "findings": [{"id": "storm"}], "symptoms": [{"id": "slow"}]})",
      "b.json");
  REQUIRE(old.size() == 2);
  CHECK(old[0].reason == "in the baseline b.json");
  CHECK_THROWS_AS(read_baseline("[]", "b.json"), base::UserError);
}

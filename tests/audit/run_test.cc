#include "libdiag/audit/run.h"

#include <doctest/doctest.h>

#include "tests/audit/support.h"

namespace ngxdiag::audit {
namespace {

model::ConfigReport run(const std::string& text, const Selection& selection = {}) {
  model::ConfigReport report;
  run_checks(parse::parse_config(text, "nginx.conf"), {}, builtin_checks(), selection, report);
  sort_findings(report.findings);
  return report;
}

const std::string kBad = "error_log off;\nlocation /a {\n alias /srv/a/;\n}\n";

}  // namespace

TEST_CASE("findings carry place, words and fix, the worst first") {
  const auto report = run(kBad);
  REQUIRE(report.findings.size() == 2);
  const model::ConfigFinding& first = report.findings[0];
  CHECK(first.id == "alias-traversal");
  CHECK(first.place.line == 3);
  CHECK(first.place.column == 2);
  CHECK(first.place.block == "location /a");
  CHECK(first.says == "a request for /a../ reads the directory above /srv/a/");
  CHECK(first.fix[0] == "location /a/ {");
  CHECK(report.findings[1].id == "error-log-off");
  CHECK(report.directives == 3);
}

TEST_CASE("a comment puts a finding aside with its reason") {
  const auto report = run("# ngxdiag: ignore error-log-off: wanted\n" + kBad);
  REQUIRE(report.suppressed.size() == 1);
  CHECK(report.suppressed[0].reason == "wanted");
  CHECK(report.findings.size() == 1);
}

TEST_CASE("only and skip take ids, aliases and groups") {
  CHECK(run(kBad, {{"error-log-off"}, {}}).findings.size() == 1);
  CHECK(run(kBad, {{"alias_traversal"}, {}}).findings.size() == 1);
  CHECK(run(kBad, {{"logs"}, {}}).findings.size() == 1);
  CHECK(run(kBad, {{}, {"security"}}).findings.size() == 1);
}

TEST_CASE("a fingerprint outlives a change of line") {
  CHECK(run(kBad).findings[0].fingerprint == run("\n\n" + kBad).findings[0].fingerprint);
}

TEST_CASE("what the parser notes is a finding") {
  const auto report = run("http { server { listen 80 }\n");
  REQUIRE_FALSE(report.findings.empty());
  CHECK(report.findings[0].id == "syntax");
  CHECK(report.findings[0].place.line == 1);
}

}  // namespace ngxdiag::audit

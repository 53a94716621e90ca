#include "libdiag/pipeline/config_audit.h"

#include <doctest/doctest.h>

#include "libdiag/base/error.h"

namespace ngxdiag::pipeline {
namespace {

const std::string kText =
    "# configuration file /etc/nginx/nginx.conf:\nevents { }\nhttp {\n include /gone;\n"
    " server { location /a { alias /srv/a/; } location /b { mp4; } }\n}\n";

model::ConfigReport audit(const AuditOptions& options, const std::string& version = "") {
  std::vector<AuditInput> inputs(1);
  inputs[0].config = parse::parse_config(kText);
  inputs[0].host.nginx_version = version;
  return audit_configs(std::move(inputs), audit::builtin_checks(), options);
}

bool found(const model::ConfigReport& report, std::string_view id) {
  for (const model::ConfigFinding& finding : report.findings)
    if (finding.id == id) return true;
  return false;
}

}  // namespace

TEST_CASE("the verdict is that of the worst finding") {
  const auto report = audit({});
  CHECK(report.verdict == model::Verdict::kCritical);
  CHECK(report.findings.front().id == "alias-traversal");
  CHECK(report.summary.starts_with("1 critical"));
  CHECK(audit({{{"version-disclosure"}, {}}, {}, {}, {}, 0}).verdict == model::Verdict::kOk);
}

TEST_CASE("an include that was not handed over is a gap, not a fault") {
  const auto report = audit({});
  CHECK_FALSE(found(report, "include-missing"));
  REQUIRE(report.not_observed.size() == 1);
  CHECK(report.not_observed[0].what == "/etc/nginx/nginx.conf:3");
}

TEST_CASE("advisories need a version, and a directive that reaches them") {
  CHECK_FALSE(found(audit({}), "nginx-cves"));
  CHECK(found(audit({}, "1.18.0"), "nginx-cves"));
  CHECK_FALSE(found(audit({}, "1.31.3"), "nginx-cves"));
}

TEST_CASE("suppressions and baselines put findings aside") {
  AuditOptions options;
  Suppression known_for_now;
  known_for_now.id = "alias_traversal";
  known_for_now.reason = "moves on Friday";
  options.suppressions = {known_for_now};
  auto report = audit(options);
  CHECK_FALSE(found(report, "alias-traversal"));
  REQUIRE(report.suppressed.size() == 1);
  CHECK(report.suppressed[0].by == "suppression");
  options.suppressions[0].until = 0;
  options.now = 864000;
  CHECK(found(audit(options), "alias-traversal"));

  AuditOptions known;
  known.baseline = {audit({}).findings.front().fingerprint};
  known.baseline_name = "old.json";
  report = audit(known);
  CHECK_FALSE(found(report, "alias-traversal"));
  CHECK(report.suppressed[0].reason == "in the baseline old.json");
}

TEST_CASE("a baseline is an earlier report") {
  CHECK(read_config_baseline(
            R"({"schema": "ngxdiag.config/1", "findings": [{"fingerprint": "a|b"}]})", "x") ==
        std::vector<std::string>{"a|b"});
  CHECK_THROWS_AS(read_config_baseline(R"({"schema": "ngxdiag.report/1"})", "x"), base::UserError);
}

TEST_CASE("without a configuration nothing is said to be well") {
  CHECK(audit_configs({}, audit::builtin_checks(), {}).verdict == model::Verdict::kUnknown);
}

TEST_CASE("evidence is turned into configurations: fragments are one, limits and version count") {
  source::Evidence evidence;
  evidence.instances.emplace_back();
  source::Instance& instance = evidence.instances[0];
  instance.files = source::no_files();
  instance.documents = {
      source::text_document("a.conf", "server {\n listen 80;\n server_name a.example.org;\n}\n"),
      source::text_document("b.conf", "server {\n listen 80;\n server_name b.example.org;\n}\n"),
      source::text_document("v.txt", "nginx version: nginx/1.22.1\n")};
  std::vector<model::Gap> gaps;
  const auto inputs = audit_inputs(evidence, gaps);
  REQUIRE(inputs.size() == 1);
  CHECK(inputs[0].config.directives.size() == 2);
  CHECK(inputs[0].host.nginx_version == "1.22.1");
}

TEST_CASE("the examples of every check say what they should") {
  for (const audit::Check& check : audit::builtin_checks())
    for (const audit::CheckExample& example : check.examples) {
      CAPTURE(check.id);
      CAPTURE(example.name);
      CHECK(check_config_example(check, example) == "");
    }
}

}  // namespace ngxdiag::pipeline

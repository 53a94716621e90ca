#include "libdiag/pipeline/verdict.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using model::Severity;
using model::Verdict;

namespace {
model::Finding finding(Severity severity, double confidence) {
  model::Finding out;
  out.kind = "cause";
  out.title = "Something";
  out.severity = severity;
  out.confidence = confidence;
  return out;
}
Verdict verdict(model::Report report, pipeline::Looked looked) {
  pipeline::set_verdict(report, looked);
  CHECK_FALSE(report.summary.empty());
  return report.verdict;
}
}  // namespace

TEST_CASE("the worst finding that stands decides") {
  model::Report report;
  report.findings = {finding(Severity::kWarning, 0.9), finding(Severity::kCritical, 0.6)};
  CHECK(verdict(report, {true, true, true, true}) == Verdict::kCritical);
  report.findings = {finding(Severity::kInfo, 0.9)};
  CHECK(verdict(report, {true, true, true, true}) == Verdict::kOk);
}

TEST_CASE("rivals that share the probability still say that something is wrong") {
  model::Report report;
  report.findings = {finding(Severity::kCritical, 0.4), finding(Severity::kCritical, 0.4)};
  CHECK(verdict(report, {true, true, true, true}) == Verdict::kCritical);
}

TEST_CASE("ok is never said on missing evidence") {
  CHECK(verdict({}, {false, false, false, true}) == Verdict::kUnknown);
  CHECK(verdict({}, {true, true, false, true}) == Verdict::kUnknown);
  CHECK(verdict({}, {false, false, false, false}) == Verdict::kUnknown);
  CHECK(verdict({}, {true, false, true, false}) == Verdict::kOk);
}

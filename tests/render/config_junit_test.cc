#include "libdiag/render/config_junit.h"

#include <doctest/doctest.h>

#include "tests/render/config_report.h"

namespace ngxdiag::render {

TEST_CASE("a finding is a failed test case, and the text is safe in XML") {
  const std::string xml = render_config_junit(config_report());
  CHECK(xml.find("tests=\"2\" failures=\"1\" errors=\"0\"") != std::string::npos);
  CHECK(xml.find("name=\"/etc/nginx/nginx.conf:12\"") != std::string::npos);
  CHECK(xml.find("&amp; why") != std::string::npos);
  CHECK(xml.find('\x1b') == std::string::npos);
}

TEST_CASE("advice fails nothing, and no verdict is an error") {
  model::ConfigReport report = config_report();
  report.findings[0].severity = model::Severity::kInfo;
  report.verdict = model::Verdict::kUnknown;
  const std::string xml = render_config_junit(report);
  CHECK(xml.find("failures=\"0\" errors=\"1\"") != std::string::npos);
}

}  // namespace ngxdiag::render

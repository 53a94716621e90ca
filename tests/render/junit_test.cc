#include "libdiag/render/junit.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("a case for each finding, failed from warning on, and one for the verdict") {
  const std::string text = render_junit(storm_report());
  CHECK(
      text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ngxdiag\" "
                       "tests=\"5\" failures=\"3\" errors=\"0\">"));
  CHECK(
      base::contains(text,
                     "<testcase classname=\"nchan\" name=\"nchan-worker-slots-exhausted\">\n      "
                     "<failure type=\"critical\" message=\"Nchan has no worker slot left"));
  CHECK(base::contains(text, "(error.log:120)"));
  CHECK(base::contains(text, "  rm /etc/nginx/modules-enabled/50-mod-nchan.conf\n"));
  CHECK(base::contains(text, "name=\"missing-shutdown-timeout\">\n      <system-out>"));
  CHECK(base::contains(text, "hostname=\"web1\" timestamp=\"2026-04-22T09:00:00\""));
}

TEST_CASE("too little to say is an error, a healthy host has no failure") {
  model::Report report;
  report.summary = "No nginx was found.";
  CHECK(base::contains(render_junit(report), "errors=\"1\""));
  report.verdict = model::Verdict::kOk;
  CHECK(base::contains(render_junit(report), "tests=\"1\" failures=\"0\" errors=\"0\""));
}

TEST_CASE("evidence cannot break the XML") {
  model::Report report = storm_report();
  report.findings[0].title = "]]></failure>\x01\xef\xbf\xbf\"&";
  const std::string text = render_junit(report);
  CHECK(base::contains(text, "message=\"]]&gt;&lt;/failure&gt;\\x01\\uffff&quot;&amp;\""));
}

#include "libdiag/render/config_junit.h"

#include "libdiag/base/text.h"
#include "libdiag/render/html_markup.h"

namespace ngxdiag::render {
namespace {

std::string xml(std::string_view text, bool keep_newlines = false) {
  return base::replace_all(
      base::replace_all(html_text(text, keep_newlines), "\xef\xbf\xbe", "\\ufffe"), "\xef\xbf\xbf",
      "\\uffff");
}

std::string at(const model::ConfigPlace& place) {
  return place.line > 0 ? place.file + ":" + std::to_string(place.line) : place.file;
}

}  // namespace

std::string render_config_junit(const model::ConfigReport& report) {
  size_t failures = 0;
  std::string cases;
  for (const model::ConfigFinding& finding : report.findings) {
    const bool failed = finding.severity != model::Severity::kInfo;
    failures += failed;
    const std::string tag = failed ? "failure" : "system-out";
    cases += "    <testcase classname=\"" + xml(finding.id) + "\" name=\"" +
             xml(at(finding.place)) + "\">\n      <" + tag;
    if (failed)
      cases += " type=\"" + std::string(model::severity_name(finding.severity)) + "\" message=\"" +
               xml(finding.says) + "\"";
    cases += ">" +
             xml(finding.place.text + "\n" + finding.says + "\n\n" + finding.explanation + "\n\n" +
                     base::join(finding.fix, "\n") + "\n",
                 true) +
             "</" + tag + ">\n    </testcase>\n";
  }
  const bool unknown = report.verdict == model::Verdict::kUnknown;
  cases += "    <testcase classname=\"ngxdiag\" name=\"verdict\">\n";
  cases += unknown ? "      <error type=\"unknown\" message=\"" + xml(report.summary) + "\"/>\n"
                   : "      <system-out>" + xml(report.summary) + "</system-out>\n";
  cases += "    </testcase>\n";
  const std::string counts = " tests=\"" + std::to_string(report.findings.size() + 1) +
                             "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
                             (unknown ? "1" : "0") + "\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ngxdiag config\"" +
         counts + ">\n  <testsuite name=\"configuration\"" + counts + ">\n" + cases +
         "  </testsuite>\n</testsuites>\n";
}

}  // namespace ngxdiag::render

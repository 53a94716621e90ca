#include "libdiag/render/junit.h"

#include "libdiag/base/text.h"
#include "libdiag/render/html_markup.h"
#include "libdiag/render/outline.h"

namespace ngxdiag::render {
namespace {

// XML 1.0 has no U+FFFE and U+FFFF, not even as references.
std::string xml(std::string_view text, bool keep_newlines = false) {
  return base::replace_all(
      base::replace_all(html_text(text, keep_newlines), "\xef\xbf\xbe", "\\ufffe"), "\xef\xbf\xbf",
      "\\uffff");
}

std::string details(const model::Finding& finding) {
  std::string out = finding.explanation + "\n\nconfidence " + percent(finding.confidence) + "\n";
  for (const bool speaking_for : {true, false})
    for (const model::EvidenceItem* item : reasons(finding, speaking_for)) {
      const std::string at = where(item->source);
      out += std::string(speaking_for ? "+ " : "- ") + item->says +
             (at.empty() ? "" : " (" + at + ")") + "\n";
    }
  for (const model::Fix& fix : finding.fixes) {
    out += "\n" + fix.title + "\n";
    for (const std::string& command : fix.commands) out += "  " + command + "\n";
  }
  return out;
}

}  // namespace

std::string render_junit(const model::Report& report) {
  const bool unknown = report.verdict == model::Verdict::kUnknown;
  size_t failures = 0;
  std::string cases;
  for (const model::Finding& finding : report.findings) {
    cases += "    <testcase classname=\"" + xml(finding.component) + "\" name=\"" +
             xml(finding.id) + (finding.instance.empty() ? "" : " " + xml(finding.instance)) +
             "\">\n";
    const bool failed = finding.severity != model::Severity::kInfo;
    failures += failed;
    const std::string tag = failed ? "failure" : "system-out";
    cases += "      <" + tag;
    if (failed)
      cases += " type=\"" + std::string(model::severity_name(finding.severity)) + "\" message=\"" +
               xml(finding.title) + "\"";
    cases += ">" + xml((failed ? "" : finding.title + "\n\n") + details(finding), true) + "</" +
             tag + ">\n    </testcase>\n";
  }
  cases += "    <testcase classname=\"ngxdiag\" name=\"verdict\">\n";
  if (unknown)
    cases += "      <error type=\"unknown\" message=\"" + xml(report.summary) + "\"/>\n";
  else
    cases += "      <system-out>" + xml(report.summary) + "</system-out>\n";
  cases += "    </testcase>\n";
  const std::string counts = " tests=\"" + std::to_string(report.findings.size() + 1) +
                             "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
                             (unknown ? "1" : "0") + "\"";
  std::string suite = "  <testsuite name=\"nginx\"" + counts;
  if (!report.host.empty()) suite += " hostname=\"" + xml(report.host) + "\"";
  if (!report.generated.empty())
    suite += " timestamp=\"" + xml(report.generated.substr(0, 19)) + "\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ngxdiag\"" + counts +
         ">\n" + suite + ">\n" + cases + "  </testsuite>\n</testsuites>\n";
}

}  // namespace ngxdiag::render

#include "libdiag/render/nagios.h"

#include "libdiag/base/text.h"
#include "libdiag/render/outline.h"

namespace ngxdiag::render {
namespace {

// `|` would begin the perfdata, and a line end the long output.
std::string one_line(std::string_view text) {
  return base::replace_all(base::replace_all(base::printable(text, true), "\n", " "), "|", "/");
}

std::string_view word(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::kOk: return "OK";
    case model::Verdict::kWarning: return "WARNING";
    case model::Verdict::kCritical: return "CRITICAL";
    case model::Verdict::kUnknown: return "UNKNOWN";
  }
  return "UNKNOWN";
}

}  // namespace

std::string render_nagios(const model::Report& report) {
  const Outline plan = outline(report);
  int critical = 0, warning = 0;
  for (const model::Finding& finding : report.findings) {
    critical += finding.severity == model::Severity::kCritical;
    warning += finding.severity == model::Severity::kWarning;
  }
  std::string out = "NGINX " + std::string(word(report.verdict)) + " - ";
  out += plan.story ? one_line(plan.story->title) + " (" + percent(plan.story->confidence) + ")"
                    : one_line(report.summary);
  out += " | critical=" + std::to_string(critical) + ";;0;0 warning=" + std::to_string(warning) +
         ";0;;0";
  return out + "\n";
}

}  // namespace ngxdiag::render

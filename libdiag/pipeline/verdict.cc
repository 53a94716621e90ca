#include "libdiag/pipeline/verdict.h"

#include <algorithm>

namespace ngxdiag::pipeline {

using model::Severity;
using model::Verdict;

void set_verdict(model::Report& report, const Looked& looked) {
  const model::Finding* worst = nullptr;
  for (const model::Finding& finding : report.findings) {
    if (finding.confidence < 0.5 || finding.severity == Severity::kInfo) continue;
    if (!worst || finding.severity > worst->severity) worst = &finding;
  }
  // Rivals may share the probability so that none has half of it: together they still say that
  // something is wrong.
  if (!worst)
    for (const model::Finding& finding : report.findings)
      if (finding.kind == "cause" && finding.severity != Severity::kInfo &&
          finding.confidence >= 0.2 && (!worst || finding.severity > worst->severity))
        worst = &finding;
  const auto symptom = std::max_element(
      report.symptoms.begin(), report.symptoms.end(),
      [](const model::Symptom& a, const model::Symptom& b) { return a.severity < b.severity; });
  const bool troubled = symptom != report.symptoms.end() && symptom->severity != Severity::kInfo;
  if (worst) {
    report.verdict =
        worst->severity == Severity::kCritical ? Verdict::kCritical : Verdict::kWarning;
    report.summary = worst->title + ".";
    return;
  }
  if (troubled) {
    report.verdict =
        symptom->severity == Severity::kCritical ? Verdict::kCritical : Verdict::kWarning;
    report.summary = symptom->says + "; no known cause fits what was seen.";
    return;
  }
  if (!looked.nginx) {
    report.verdict = Verdict::kUnknown;
    report.summary = looked.live
                         ? "No nginx process runs on this host, so there is nothing to diagnose."
                         : "Nothing in the evidence is of nginx, so nothing can be said.";
    return;
  }
  if (looked.live && (!looked.processes || !looked.log)) {
    report.verdict = Verdict::kUnknown;
    report.summary = "Nothing wrong was found, but too little could be seen to call nginx healthy.";
    return;
  }
  report.verdict = Verdict::kOk;
  report.summary = report.findings.empty() ? "Nothing wrong was found in what was looked at."
                                           : "Nothing is wrong now; see the notes below.";
}

}  // namespace ngxdiag::pipeline

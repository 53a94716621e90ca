// A report of configuration checks for the tests of its renderers.
#pragma once

#include "libdiag/model/config_report.h"

namespace ngxdiag::render {

inline model::ConfigReport config_report() {
  model::ConfigReport report;
  report.verdict = model::Verdict::kCritical;
  report.summary = "1 critical (2 files, 9 directives, 3 checks)";
  report.files = {"/etc/nginx/nginx.conf"};
  model::ConfigFinding finding;
  finding.id = "alias-traversal";
  finding.group = "security";
  finding.severity = model::Severity::kCritical;
  finding.title = "Requests climb out";
  finding.explanation = "What it means & why.";
  finding.says = "a request for /a../ \x1b[31m";
  finding.fix = {"location /a/ {", "    alias /srv/a/;", "}"};
  finding.place = {"/etc/nginx/nginx.conf", 12, 5, "alias /srv/a/;", "http > location /a"};
  finding.related = {{"/etc/nginx/nginx.conf", 11, 3, "location /a {", "http"}};
  finding.references = {"https://nginx.org/en/docs/"};
  finding.fingerprint = "alias-traversal|x";
  report.findings = {finding};
  finding.place.line = 40;
  report.suppressed = {{finding, "the files are public", "comment"}};
  report.not_observed = {{"mime.types", "no such file"}};
  return report;
}

}  // namespace ngxdiag::render

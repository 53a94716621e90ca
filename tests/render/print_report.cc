// Prints the example report of the renderers' tests: for the JSON Schema check, and to look at.
//   print_report json | terminal | color | verbose | markdown | nagios | html | junit |
//   prometheus | sarif | empty
#include <iostream>
#include <string_view>

#include "libdiag/render/html.h"
#include "libdiag/render/json.h"
#include "libdiag/render/junit.h"
#include "libdiag/render/markdown.h"
#include "libdiag/render/nagios.h"
#include "libdiag/render/prometheus.h"
#include "libdiag/render/sarif.h"
#include "libdiag/render/terminal.h"
#include "tests/render/storm_report.h"

using namespace ngxdiag;

int main(int argc, char** argv) {
  const std::string_view format = argc > 1 ? argv[1] : "terminal";
  model::Report report = storm_report();
  // Bytes that are no text belong to every check of the output.
  report.findings[0].evidence[0].source.path = "error\xff\x1b.log";
  report.seconds = 0.5;
  report.changes =
      model::Changes{.since = "2026-04-22T08:45:00+02:00",
                     .verdict_before = model::Verdict::kWarning,
                     .items = {{model::Change::Kind::kNew, "workers-crash", "/run/nginx.pid",
                                "Workers <crash>", model::Severity::kCritical, ""},
                               {model::Change::Kind::kWorse, "deaths.total", "",
                                "children that died", model::Severity::kCritical, "12 -> 2361"}}};
  if (format == "json") std::cout << render::render_json(report);
  if (format == "empty") std::cout << render::render_json({});
  if (format == "html") std::cout << render::render_html(report);
  if (format == "junit") std::cout << render::render_junit(report);
  if (format == "prometheus") std::cout << render::render_prometheus(report);
  if (format == "sarif") std::cout << render::render_sarif(report);
  if (format == "markdown") std::cout << render::render_markdown(report);
  if (format == "nagios") std::cout << render::render_nagios(report);
  if (format == "terminal") std::cout << render::render_terminal(report, {});
  if (format == "color") std::cout << render::render_terminal(report, {.color = true});
  if (format == "verbose") std::cout << render::render_terminal(report, {.verbose = true});
}

#include "libdiag/render/nagios.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

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

std::string number(double value) {
  char out[40];
  std::snprintf(out, sizeof out, value == std::floor(value) ? "%.0f" : "%.2f", value);
  return out;
}

}  // namespace

const std::vector<NagiosMetric>& nagios_metrics() {
  static const std::vector<NagiosMetric> kMetrics = {
      {"processes", "processes.total", "", "nginx processes, zombies included"},
      {"workers", "processes.workers", "", "workers that serve"},
      {"shutting_down", "processes.shutting_down", "", "old workers that are still leaving"},
      {"starting", "processes.untitled", "", "children that have not begun to serve"},
      {"zombies", "processes.zombies", "", "dead children that nobody has reaped"},
      {"missing", "processes.missing_workers", "", "workers that should serve and do not"},
      {"stale_age", "stale.oldest_age", "s", "age of the oldest worker that is leaving",
       model::Fold::kMost},
      {"memory", "processes.rss", "B", "resident memory of all nginx processes"},
      {"deaths", "deaths.total", "", "crashes in the logs looked at"},
      {"zone_locks", "zones.lock_lines", "", "zones left locked, in the logs looked at"},
      {"reloads_left", "nchan.reloads_left", "", "reloads until nchan kills every new worker",
       model::Fold::kLeast},
      {"confidence", "", "%", "how sure the likeliest cause is"},
  };
  return kMetrics;
}

std::optional<double> nagios_value(const model::Report& report, const NagiosMetric& metric) {
  if (!metric.fact.empty()) return model::instance_number(report.facts, metric.fact, metric.fold);
  const Outline plan = outline(report);
  if (!plan.story) return std::nullopt;
  return std::round(plan.story->confidence * 100);
}

std::string render_nagios(const model::Report& report) {
  return render_nagios(report, report.verdict, {});
}

std::string render_nagios(const model::Report& report, model::Verdict state,
                          const std::vector<NagiosLimit>& limits) {
  const Outline plan = outline(report);
  int critical = 0, warning = 0;
  for (const model::Finding& finding : report.findings) {
    critical += finding.severity == model::Severity::kCritical;
    warning += finding.severity == model::Severity::kWarning;
  }
  std::string perfdata = " | critical=" + std::to_string(critical) +
                         ";;0;0 warning=" + std::to_string(warning) + ";0;;0";
  std::string crossed;
  for (const NagiosMetric& metric : nagios_metrics()) {
    const auto value = nagios_value(report, metric);
    const auto limit = std::find_if(limits.begin(), limits.end(),
                                    [&](const auto& l) { return l.metric == metric.name; });
    const bool limited = limit != limits.end();
    if (!value) continue;
    perfdata += " " + std::string(metric.name) + "=" + number(*value) + std::string(metric.unit) +
                ";" + (limited ? limit->warning : "") + ";" + (limited ? limit->critical : "") +
                ";0" + (metric.unit == "%" ? ";100" : "");
    if (limited && limit->crossed)
      crossed += (crossed.empty() ? "" : ", ") + number(*value) + std::string(metric.unit) + " " +
                 std::string(metric.meaning);
  }
  std::string out = "NGINX " + std::string(word(state)) + " - " + crossed;
  if (!crossed.empty()) out += "; ";
  out += plan.story ? one_line(plan.story->title) + " (" + percent(plan.story->confidence) + ")"
                    : one_line(report.summary);
  return out + perfdata + "\n";
}

}  // namespace ngxdiag::render

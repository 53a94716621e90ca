// ngxdiag check: one line and an exit code for Nagios, Icinga and their kin.
#include <algorithm>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/render/nagios.h"
#include "libdiag/render/nagios_range.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/report_options.h"

namespace ngxdiag::tools {
namespace {

// What a bare RANGE is about, as with check_procs.
constexpr const char* kUsualMetric = "processes";

const std::vector<Option> kCheckOptions = {
    {"warning", 'w', "[METRIC=]RANGE", "warn when METRIC (default: processes) is outside RANGE"},
    {"critical", 'c', "[METRIC=]RANGE", "critical when METRIC is outside RANGE"},
};

struct Limit {
  const render::NagiosMetric* metric;
  render::NagiosRange range;
};

Limit parse_limit(const CommandLine& line, const std::string& option, const std::string& text) {
  const size_t equals = text.find('=');
  const std::string name = equals == std::string::npos ? kUsualMetric : text.substr(0, equals);
  std::vector<std::string> names;
  for (const render::NagiosMetric& metric : render::nagios_metrics()) {
    names.emplace_back(metric.name);
    if (metric.name != name) continue;
    const std::string range = equals == std::string::npos ? text : text.substr(equals + 1);
    if (const auto parsed = render::NagiosRange::parse(range)) return {&metric, *parsed};
    throw base::UserError(option + ": not a range: " + base::printable(range), line.program(), {},
                          {}, "write for example 10, 10: (below 10) or @10:20 (inside)");
  }
  const std::string near = base::closest(name, names);
  throw base::UserError(option + ": unknown metric " + base::printable(name), line.program(), {},
                        near.empty() ? "" : "did you mean " + near + "?",
                        "one of: " + base::join(names, ", "));
}

std::vector<Limit> limits(const CommandLine& line, const std::string& name) {
  std::vector<Limit> out;
  for (const std::string& text : line.values(name)) {
    Limit limit = parse_limit(line, "--" + name, text);
    for (const Limit& other : out)
      if (other.metric == limit.metric)
        throw base::UserError("--" + name + ": two ranges for " + std::string(limit.metric->name),
                              line.program(), {}, {}, "leave out one of them");
    out.push_back(std::move(limit));
  }
  return out;
}

// How bad a state is: ok, unknown, warning, critical.
int rank(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::kOk: return 0;
    case model::Verdict::kUnknown: return 1;
    case model::Verdict::kWarning: return 2;
    case model::Verdict::kCritical: return 3;
  }
  return 1;
}

void apply(const model::Report& report, const std::vector<Limit>& all, model::Verdict state,
           model::Verdict& worst, std::vector<render::NagiosLimit>& shown) {
  for (const Limit& limit : all) {
    auto it = std::find_if(shown.begin(), shown.end(),
                           [&](const auto& entry) { return entry.metric == limit.metric->name; });
    if (it == shown.end()) it = shown.insert(it, {std::string(limit.metric->name), "", "", false});
    (state == model::Verdict::kCritical ? it->critical : it->warning) = limit.range.text();
    const auto value = render::nagios_value(report, *limit.metric);
    if (!value || !limit.range.alerts(*value)) continue;
    it->crossed = true;
    if (rank(state) > rank(worst)) worst = state;
  }
}

}  // namespace

Manual check_manual() {
  static const std::vector<std::string> rows = [] {
    std::vector<std::string> out;
    for (const render::NagiosMetric& metric : render::nagios_metrics())
      out.push_back(std::string(metric.name) + "  " + std::string(metric.meaning));
    return out;
  }();
  return {
      .name = "ngxdiag check",
      .synopsis = {"[OPTION]... [FILE]..."},
      .paragraphs = {"Prints one line for a monitoring system: the verdict, the likeliest cause "
                     "and performance data. Thresholds, which may be repeated, make the state "
                     "worse than the verdict, never better. A metric that is unknown crosses no "
                     "threshold."},
      .options = join({kCheckOptions, kEvidenceOptions, kRuleOptions}),
      .sections = {{"METRICS", {rows.begin(), rows.end()}},
                   {"RANGES",
                    {"10  alert outside 0 to 10", "10:  alert below 10", "~:10  alert above 10",
                     "10:20  alert outside 10 to 20", "@10:20  alert inside 10 to 20"}}},
      .exit_status = kVerdictStatus,
      .examples = {{"ngxdiag check", "the verdict alone"},
                   {"ngxdiag check -w 100 -c 140", "too many processes"},
                   {"ngxdiag check -w reloads_left=10: -c reloads_left=3:",
                    "before nchan takes the site down"}},
  };
}

int run_check(const Arguments& arguments) {
  const Manual page = check_manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  if (asked_for_help(line, page)) return kOk;
  const std::vector<Limit> warning = limits(line, "warning"), critical = limits(line, "critical");
  const RuleFiles rules(line.values("rules"));
  const pipeline::Knowledge knowledge = pipeline::load_knowledge(rules.extra());
  const Gathered gathered = gather(line, line.rest());
  const model::Report report =
      pipeline::diagnose(gathered.evidence, knowledge, pipeline_options(line));
  model::Verdict state = report.verdict;
  std::vector<render::NagiosLimit> shown;
  apply(report, warning, model::Verdict::kWarning, state, shown);
  apply(report, critical, model::Verdict::kCritical, state, shown);
  print(render::render_nagios(report, state, shown));
  switch (state) {
    case model::Verdict::kOk: return kOk;
    case model::Verdict::kWarning: return kWarning;
    case model::Verdict::kCritical: return kCritical;
    case model::Verdict::kUnknown: return kUnknown;
  }
  return kUnknown;
}

}  // namespace ngxdiag::tools

#include "libdiag/render/prometheus.h"

#include <cmath>
#include <cstdio>
#include <map>

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"
#include "libdiag/model/instance_fact.h"

namespace ngxdiag::render {
namespace {

// A finding below this is a candidate, not a statement (libdiag/pipeline/verdict.cc).
constexpr double kLikely = 0.5;

// One fact as one metric; facts of one metric differ by the label.
struct Mapping {
  std::string_view fact;    // a family ends with "."
  std::string_view metric;  // without the prefix
  std::string_view label;   // empty: none
  std::string_view value;   // of the label; a family's is the rest of the fact's name
};

constexpr Mapping kMappings[] = {
    {"processes.masters", "processes", "state", "master"},
    {"processes.workers", "processes", "state", "serving"},
    {"processes.shutting_down", "processes", "state", "shutting_down"},
    {"processes.untitled", "processes", "state", "starting"},
    {"processes.cache_helpers", "processes", "state", "cache_helper"},
    {"processes.zombies", "processes", "state", "zombie"},
    {"processes.expected", "processes_expected", "", ""},
    {"processes.missing_workers", "workers_missing", "", ""},
    {"processes.master.blocked", "master_blocked", "", ""},
    {"processes.rss", "memory_bytes", "", ""},
    {"generations.count", "generations", "", ""},
    {"deaths.total", "crashes", "", ""},
    {"deaths.by_signal.", "deaths", "signal", ""},
    {"deaths.fatal", "fatal_exits", "", ""},
    {"storm.bursts", "storms", "", ""},
    {"storm.deaths", "storm_deaths", "", ""},
    {"storm.peak_per_second", "storm_peak_deaths", "", ""},
    {"zones.locked_count.", "zone_locks", "module", ""},
    {"stale.workers", "stale_workers", "", ""},
    {"stale.oldest_age", "stale_worker_age_seconds", "", ""},
    {"stale.rss", "stale_workers_memory_bytes", "", ""},
    {"stale.sockets", "stale_workers_connections", "", ""},
    {"reloads.total", "reloads", "", ""},
    {"reloads.refused", "reloads_refused", "", ""},
    {"nchan.reloads_left", "nchan_reloads_left", "", ""},
    {"kernel.oom_kills", "oom_kills", "", ""},
    {"acme.renewed", "certificate_renewals", "result", "renewed"},
    {"acme.failed", "certificate_renewals", "result", "failed"},
    {"cert_ends.disk.", "certificate_expiry_timestamp_seconds", "file", ""},
    {"cert_ends.served.", "served_certificate_expiry_timestamp_seconds", "name", ""},
};

struct Help {
  std::string_view metric, text;
};

// In the order of the output.
constexpr Help kHelp[] = {
    {"verdict", "The verdict: 1 for the one that holds, 0 for the others."},
    {"scan_timestamp_seconds", "When the evidence was looked at."},
    {"scan_duration_seconds", "How long looking took."},
    {"findings", "Findings by severity."},
    {"causes", "Findings that are more likely than not, by cause and component."},
    {"finding_confidence", "How sure a finding is, from 0 to 1; explained_by names its cause."},
    {"symptom", "1 for each symptom seen; explained_by names its cause."},
    {"not_observed", "Pieces of evidence that could not be looked at."},
    {"changes", "What differs from the report before, by kind of change."},
    {"processes", "nginx processes by state."},
    {"workers", "Workers by state and generation: 0 is the present one, 1 the one before."},
    {"generations", "Generations of workers in the logs and the process table looked at."},
    {"processes_expected", "nginx processes that the configuration asks for."},
    {"workers_missing", "Workers that should serve and do not."},
    {"master_blocked", "1 when a master waits on a lock and obeys no signal."},
    {"memory_bytes", "Resident memory of all nginx processes."},
    {"crashes", "Children that died of a crash, in the logs looked at."},
    {"deaths", "Children that ended on a signal, in the logs looked at."},
    {"fatal_exits", "Children that left for good and are not replaced, in the logs looked at."},
    {"storms", "Bursts of crashes in the logs looked at."},
    {"storm_deaths", "Crashes of the largest burst."},
    {"storm_peak_deaths", "Crashes in the worst second of the largest burst."},
    {"zone_locks", "Lines that tell of a zone left locked by a dead child, by its module."},
    {"stale_workers", "Old workers that are still shutting down."},
    {"stale_worker_age_seconds", "Age of the oldest worker that is still shutting down."},
    {"stale_workers_memory_bytes", "Resident memory that old workers hold."},
    {"stale_workers_connections", "Connections that old workers hold."},
    {"reloads", "Reloads in the logs looked at."},
    {"reloads_refused", "Reloads that nginx refused, in the logs looked at."},
    {"nchan_reloads_left", "Reloads left until nchan kills every new worker."},
    {"oom_kills", "nginx processes that the kernel's OOM killer ended."},
    {"certificate_renewals", "Certificate renewals in the logs looked at, by result."},
    {"certificate_expiry_timestamp_seconds", "When the certificate in a file ends."},
    {"served_certificate_expiry_timestamp_seconds",
     "When the certificate that is served for a name ends."},
};

std::string number(double value) {
  char out[40];
  if (std::fabs(value) < 1e15 && value == std::floor(value))
    std::snprintf(out, sizeof out, "%.0f", value);
  else
    std::snprintf(out, sizeof out, "%.4f", value);
  return out;
}

struct Label {
  std::string_view name, value;
};

class Metrics {
 public:
  // The highest value wins when two samples have the same labels: a file that names one twice is
  // refused as a whole by the collector.
  void add(std::string_view metric, const std::vector<Label>& labels, double value) {
    std::string key;
    for (const Label& label : labels)
      key += (key.empty() ? "{" : ",") + std::string(label.name) + "=\"" +
             prometheus_label(label.value) + "\"";
    if (!key.empty()) key += "}";
    auto& samples = metrics_[std::string(metric)];
    const auto [it, fresh] = samples.emplace(std::move(key), value);
    if (!fresh && value > it->second) it->second = value;
  }

  std::string text() const {
    std::string out;
    for (const Help& help : kHelp) {
      const auto it = metrics_.find(help.metric);
      if (it == metrics_.end()) continue;
      const std::string name = "ngxdiag_" + std::string(help.metric);
      out += "# HELP " + name + " " + std::string(help.text) + "\n# TYPE " + name + " gauge\n";
      for (const auto& [labels, value] : it->second)
        out += name + labels + " " + number(value) + "\n";
    }
    return out;
  }

 private:
  std::map<std::string, std::map<std::string, double>, std::less<>> metrics_;
};

// "2026-04-22T09:00:00+02:00" as seconds since the epoch; empty on anything else.
std::optional<int64_t> unix_time(std::string_view rfc3339) {
  const auto civil = base::parse_civil(rfc3339);
  if (!civil || rfc3339.size() < 20) return std::nullopt;
  const std::string_view zone = rfc3339.substr(19);
  if (zone == "Z") return civil;
  if (zone.size() != 6 || zone[3] != ':' || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const auto hours = base::parse_int(zone.substr(1, 2)),
             minutes = base::parse_int(zone.substr(4, 2));
  if (!hours || !minutes) return std::nullopt;
  const int64_t offset = *hours * 3600 + *minutes * 60;
  return zone[0] == '+' ? *civil - offset : *civil + offset;
}

// The label that tells one nginx of several; none where there is only one.
std::vector<Label> labels_of(std::string_view instance, std::vector<Label> labels) {
  if (!instance.empty()) labels.push_back({"nginx", instance});
  return labels;
}

// A number, or a time in UTC as seconds since the epoch.
std::optional<double> value_of(const model::FactSet& facts, const std::string& name) {
  if (const auto value = facts.number(name)) return value;
  const auto text = facts.text(name);
  const auto time = text ? base::parse_civil(*text) : std::nullopt;
  return time ? std::optional(static_cast<double>(*time)) : std::nullopt;
}

void add_facts(const model::FactSet& facts, Metrics& metrics) {
  for (const auto& [name, fact] : facts.all())
    for (const Mapping& mapping : kMappings) {
      const auto found = model::instance_fact(name, mapping.fact);
      if (!found) continue;
      const auto value = value_of(facts, name);
      if (!value) continue;
      std::vector<Label> labels;
      if (!mapping.label.empty())
        labels.push_back({mapping.label, found->rest.empty() ? mapping.value : found->rest});
      metrics.add(mapping.metric, labels_of(found->instance, std::move(labels)), *value);
    }
}

// Lists over the generations of workers, the present one first.
void add_generations(const model::FactSet& facts, Metrics& metrics) {
  for (const auto& [fact, state] :
       {std::pair{"generations.serving", "serving"}, {"generations.leaving", "shutting_down"}})
    for (const auto& [name, entry] : facts.all()) {
      const auto found = model::instance_fact(name, fact);
      const auto* counts = std::get_if<std::vector<std::string>>(&entry.value);
      if (!found || !counts) continue;
      for (size_t i = 0; i < counts->size(); ++i) {
        const auto count = base::parse_int((*counts)[i]);
        const std::string generation = std::to_string(i);
        if (count && (*count > 0 || i == 0))
          metrics.add("workers",
                      labels_of(found->instance, {{"state", state}, {"generation", generation}}),
                      static_cast<double>(*count));
      }
    }
}

}  // namespace

std::string prometheus_label(std::string_view text) {
  std::string out;
  for (const char c : base::printable(base::replace_all(std::string(text), "\t", " "), true)) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

std::string render_prometheus(const model::Report& report) {
  Metrics metrics;
  for (const model::Verdict verdict : {model::Verdict::kOk, model::Verdict::kWarning,
                                       model::Verdict::kCritical, model::Verdict::kUnknown})
    metrics.add("verdict", {{"verdict", model::verdict_name(verdict)}}, verdict == report.verdict);
  if (const auto time = unix_time(report.generated))
    metrics.add("scan_timestamp_seconds", {}, static_cast<double>(*time));
  if (report.seconds) metrics.add("scan_duration_seconds", {}, *report.seconds);
  for (const model::Severity severity :
       {model::Severity::kInfo, model::Severity::kWarning, model::Severity::kCritical}) {
    double count = 0;
    for (const model::Finding& finding : report.findings) count += finding.severity == severity;
    metrics.add("findings", {{"severity", model::severity_name(severity)}}, count);
  }
  for (const model::Finding& finding : report.findings)
    metrics.add("finding_confidence",
                {{"rule", finding.id},
                 {"kind", finding.kind.empty() ? "cause" : std::string_view(finding.kind)},
                 {"cause", finding.cause},
                 {"component", finding.component},
                 {"severity", model::severity_name(finding.severity)},
                 {"explained_by", finding.explained_by},
                 {"nginx", finding.instance}},
                finding.confidence);
  // Distinct causes are few; what they count are findings, in several nginx for example.
  std::map<std::pair<std::string, std::string>, double> causes;
  for (const model::Finding& finding : report.findings)
    if (finding.confidence >= kLikely) ++causes[{finding.cause, finding.component}];
  for (const auto& [cause, count] : causes)
    metrics.add("causes", {{"cause", cause.first}, {"component", cause.second}}, count);
  for (const model::Symptom& symptom : report.symptoms)
    metrics.add("symptom",
                {{"symptom", symptom.id},
                 {"severity", model::severity_name(symptom.severity)},
                 {"explained_by", symptom.explained_by}},
                1);
  metrics.add("not_observed", {}, static_cast<double>(report.not_observed.size()));
  if (report.changes && !report.changes->since.empty())
    for (const auto kind : {model::Change::Kind::kNew, model::Change::Kind::kWorse,
                            model::Change::Kind::kBetter, model::Change::Kind::kGone}) {
      double count = 0;
      for (const model::Change& change : report.changes->items) count += change.kind == kind;
      metrics.add("changes", {{"change", model::change_name(kind)}}, count);
    }
  add_facts(report.facts, metrics);
  add_generations(report.facts, metrics);
  return metrics.text();
}

}  // namespace ngxdiag::render

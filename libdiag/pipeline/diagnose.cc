#include "libdiag/pipeline/diagnose.h"

#include <algorithm>
#include <set>

#include "libdiag/analyze/gather.h"
#include "libdiag/analyze/pattern_facts.h"
#include "libdiag/analyze/registry.h"
#include "libdiag/base/text.h"
#include "libdiag/correlate/registry.h"
#include "libdiag/engine/evaluate.h"
#include "libdiag/pipeline/host_commands.h"
#include "libdiag/pipeline/timeline.h"
#include "libdiag/pipeline/verdict.h"

namespace ngxdiag::pipeline {
namespace {

struct Examined {
  model::FactSet facts;
  std::vector<model::Event> events;
  std::vector<model::Gap> gaps;
  std::vector<std::string> looked_at;
  engine::Diagnosis diagnosis;
};

void sort_by_time(std::vector<model::Event>& events) {
  std::stable_sort(events.begin(), events.end(), [](const model::Event& a, const model::Event& b) {
    if (a.time.has_value() != b.time.has_value()) return a.time.has_value();
    return a.time && *a.time < *b.time;
  });
}

// Evidence of one nginx → its facts, events and findings.
Examined examine(const source::Evidence& evidence, const source::Instance& instance,
                 const Knowledge& knowledge) {
  Examined out;
  const analyze::Digest digest = analyze::gather_digest(evidence, instance, knowledge.patterns);
  for (const analyze::Analyzer* analyzer : analyze::analyzers()) {
    model::FactSink sink(out.facts, analyzer->name, analyzer->specs, analyzer->spec_count);
    analyzer->run({digest, knowledge.patterns, evidence, instance, knowledge.tables, out.facts},
                  sink, out.events);
  }
  analyze::put_pattern_facts(digest, knowledge.patterns, out.facts);
  sort_by_time(out.events);
  for (const correlate::Correlator* correlator : correlate::correlators()) {
    model::FactSink sink(out.facts, correlator->name, correlator->specs, correlator->spec_count);
    correlator->run({out.events, out.facts, knowledge.tables.thresholds, evidence.now}, sink);
  }
  out.diagnosis = engine::evaluate(knowledge.rules, out.facts);
  if (evidence.live) turn_commands(host_commands(instance, out.facts), out.diagnosis);
  out.gaps = digest.gaps;
  for (const analyze::DocumentStats& document : digest.documents)
    for (const auto& [kind, lines] : document.lines)
      out.looked_at.push_back(document.path + " (" + std::string(model::kind_name(kind)) + ", " +
                              base::plural(lines, "line") + ")");
  return out;
}

bool names(const std::vector<std::string>& list, const model::Finding& finding) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& name) {
    return name == finding.id || name == finding.cause || name == finding.component;
  });
}

void merge_facts(const Examined& examined, const std::string& prefix, model::FactSet& into) {
  for (const auto& [name, fact] : examined.facts.all())
    if (!name.starts_with("line."))
      into.put(prefix + name, fact.value, fact.evidence, fact.analyzer);
}

void merge(Examined&& examined, const std::string& instance, const Options& options,
           model::Report& report) {
  for (model::Finding& finding : examined.diagnosis.findings) {
    if (!options.only.empty() && !names(options.only, finding)) continue;
    if (names(options.skip, finding)) continue;
    finding.instance = instance;
    report.findings.push_back(std::move(finding));
  }
  for (model::Symptom& symptom : examined.diagnosis.symptoms)
    report.symptoms.push_back(std::move(symptom));
  for (model::NextCheck& check : examined.diagnosis.next_checks)
    report.next_checks.push_back(std::move(check));
  for (model::Gap& gap : examined.gaps) {
    const bool said = std::any_of(
        report.not_observed.begin(), report.not_observed.end(),
        [&](const model::Gap& old) { return old.what == gap.what && old.why == gap.why; });
    if (!said) report.not_observed.push_back(std::move(gap));
  }
  for (std::string& document : examined.looked_at)
    if (std::find(report.looked_at.begin(), report.looked_at.end(), document) ==
        report.looked_at.end())
      report.looked_at.push_back(std::move(document));
}

// Root causes of several nginx: the engine's order within each, the worse first between them.
void order_between_instances(std::vector<model::Finding>& findings) {
  std::stable_sort(
      findings.begin(), findings.end(), [](const model::Finding& a, const model::Finding& b) {
        const auto rank = [](const model::Finding& finding) {
          return std::make_tuple(!finding.explained_by.empty(), finding.kind == "advisory",
                                 -static_cast<int>(finding.severity), -finding.confidence);
        };
        return rank(a) < rank(b);
      });
}

}  // namespace

model::Report diagnose(const source::Evidence& evidence, const Knowledge& knowledge,
                       const Options& options) {
  model::Report report;
  report.generated = base::format_civil(evidence.now, 'T') + evidence.zone;
  report.host = evidence.host;
  report.not_observed = evidence.gaps;
  std::vector<model::Event> events;
  Looked looked;
  looked.live = evidence.live;
  for (const source::Instance& instance : evidence.instances) {
    Examined examined = examine(evidence, instance, knowledge);
    const auto has = [&](std::string_view fact) { return examined.facts.find(fact) != nullptr; };
    looked.processes = looked.processes || has("processes.seen");
    looked.log = looked.log || has("log.seen");
    looked.nginx = looked.nginx || has("processes.seen") || has("log.seen") || has("config.seen") ||
                   has("nginx.version") || has("unit.seen") || has("acme.seen");
    const bool several = evidence.instances.size() > 1;
    merge_facts(examined, several ? instance.id + "." : "", report.facts);
    events.insert(events.end(), examined.events.begin(), examined.events.end());
    merge(std::move(examined), several ? instance.id : "", options, report);
  }
  if (evidence.instances.size() > 1) order_between_instances(report.findings);
  sort_by_time(events);
  report.timeline = make_timeline(
      events, static_cast<int64_t>(knowledge.tables.thresholds.at("burst_gap_seconds")));
  suppress(report, options.suppressions, evidence.now);
  set_verdict(report, looked);
  // Where nothing is wrong there is nothing to settle.
  if (report.verdict == model::Verdict::kOk) report.next_checks.clear();
  return report;
}

}  // namespace ngxdiag::pipeline

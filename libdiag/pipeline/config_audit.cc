#include "libdiag/pipeline/config_audit.h"

#include <algorithm>
#include <unordered_set>

#include "libdiag/analyze/config_files.h"
#include "libdiag/analyze/gather.h"
#include "libdiag/analyze/known_bugs.h"
#include "libdiag/analyze/modules.h"
#include "libdiag/analyze/nginx_binary.h"
#include "libdiag/audit/words.h"
#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/json/parse.h"
#include "libdiag/pipeline/knowledge.h"

namespace ngxdiag::pipeline {
namespace {

constexpr const char* kAdvisoryCheck = "nginx-cves";

std::string text_fact(const model::FactSet& facts, std::string_view name) {
  const model::Fact* fact = facts.find(name);
  return fact ? model::to_text(fact->value) : std::string();
}

audit::Host host_of(const source::Evidence& evidence, const source::Instance& instance,
                    const analyze::Digest& digest) {
  analyze::Tables tables;
  tables.witnesses = read_witnesses(base::builtin_data("witnesses.tsv"));
  const std::vector<model::LinePattern> no_patterns;
  model::FactSet facts;
  std::vector<model::Event> events;
  for (const analyze::Analyzer* analyzer : {&analyze::kNginxBinary, &analyze::kModules}) {
    model::FactSink sink(facts, analyzer->name, analyzer->specs, analyzer->spec_count);
    analyzer->run({digest, no_patterns, evidence, instance, tables, facts}, sink, events);
  }
  audit::Host host;
  host.nginx_version = text_fact(facts, "nginx.base_version");
  host.package_revision = text_fact(facts, "nginx.package_revision");
  host.openssl_version = text_fact(facts, "nginx.openssl");
  host.cpus = evidence.cpus;
  host.nofile = digest.nofile;
  if (const model::Fact* modules = facts.find("modules.names"))
    if (const auto* names = std::get_if<std::vector<std::string>>(&modules->value))
      host.modules = *names;
  return host;
}

// config.directive.* as analyze::is_in_use() asks for them, for the directives that a bug names.
model::FactSet facts_for(const parse::Config& config, const audit::Tree& tree,
                         std::string_view needs) {
  model::FactSet facts;
  facts.put("config.complete", config.complete, {model::SourceRef{}}, "configuration");
  for (size_t at = 0; at < needs.size();) {
    const size_t end = std::min(needs.find_first_of("|&=()", at), needs.size());
    const std::string name(needs.substr(at, end - at));
    at = end + 1;
    std::vector<std::string> values;
    for (const audit::NodeId id : tree.all(name)) values.push_back(audit::joined_args(tree.at(id)));
    if (!name.empty() && !values.empty())
      facts.put("config.directive." + name, values, {model::SourceRef{}}, "configuration");
  }
  return facts;
}

// Advisories of nginx that hold for its version and the directives in use.
void add_advisories(const AuditInput& input, const audit::Check& check,
                    model::ConfigReport& report) {
  if (input.host.nginx_version.empty()) return;
  static const std::vector<analyze::KnownBug> kBugs =
      analyze::read_known_bugs(base::builtin_data("known_bugs.tsv"));
  const audit::Tree tree(input.config);
  for (const analyze::KnownBug& bug : kBugs) {
    if (bug.component != "nginx" || bug.kind != "security" ||
        !analyze::is_affected(input.host.nginx_version, input.host.package_revision, bug))
      continue;
    if (analyze::is_in_use(bug, facts_for(input.config, tree, bug.needs)) != true) continue;
    const std::string_view first =
        std::string_view(bug.needs).substr(0, bug.needs.find_first_of("|&=("));
    const auto places = tree.all(first);
    audit::Hit hit;
    if (!places.empty()) hit.node = places.front();
    hit.values = {{"bug", bug.id},
                  {"what", bug.says},
                  {"phase", bug.phase},
                  {"version", input.host.nginx_version},
                  {"fixed", std::string(base::split(bug.fixed, ';').front())}};
    if (bug.phase == "low") hit.severity = model::Severity::kInfo;
    model::ConfigFinding finding = audit::finding_of(audit::Context{tree, input.host, check}, hit);
    finding.references.push_back(bug.source);
    finding.fingerprint += "|" + bug.id;
    report.findings.push_back(std::move(finding));
  }
}

// An include that nginx reads and we cannot is no fault of a configuration that lies elsewhere.
void set_aside_includes(AuditInput& input, model::ConfigReport& report) {
  if (input.own_host) return;
  auto& problems = input.config.problems;
  const auto missing = [&](const parse::ConfigProblem& problem) {
    if (!audit::is_include_problem(problem)) return false;
    report.not_observed.push_back(
        {problem.file + ":" + std::to_string(problem.line), problem.says});
    return true;
  };
  problems.erase(std::remove_if(problems.begin(), problems.end(), missing), problems.end());
}

void audit_one(const AuditInput& input, const std::vector<audit::Check>& checks,
               const audit::Selection& selection, model::ConfigReport& report) {
  audit::run_checks(input.config, input.host, checks, selection, report);
  for (const audit::Check& check : checks)
    if (check.id == kAdvisoryCheck && audit::selected(selection, check))
      add_advisories(input, check, report);
}

void put_aside(model::ConfigReport& report, const std::vector<audit::Check>& checks,
               const AuditOptions& options) {
  const std::unordered_set<std::string> known(options.baseline.begin(), options.baseline.end());
  std::vector<model::ConfigFinding> stay;
  for (model::ConfigFinding& finding : report.findings) {
    const Suppression* by = nullptr;
    for (const Suppression& one : options.suppressions) {
      const bool named = one.id.empty() || one.id == finding.id ||
                         std::find(finding.aliases.begin(), finding.aliases.end(), one.id) !=
                             finding.aliases.end();
      if (named && holds_for(one, finding.place.file) && holds_at(one, options.now)) by = &one;
    }
    if (by)
      report.suppressed.push_back({std::move(finding), by->reason, "suppression"});
    else if (known.count(finding.fingerprint) > 0)
      report.suppressed.push_back(
          {std::move(finding), "in the baseline " + options.baseline_name, "baseline"});
    else
      stay.push_back(std::move(finding));
  }
  report.findings = std::move(stay);
  report.checks = static_cast<int64_t>(std::count_if(
      checks.begin(), checks.end(),
      [&](const audit::Check& check) { return audit::selected(options.selection, check); }));
}

void conclude(model::ConfigReport& report) {
  int64_t counts[3] = {0, 0, 0};
  for (const model::ConfigFinding& finding : report.findings)
    ++counts[static_cast<size_t>(finding.severity)];
  const int64_t critical = counts[2], warnings = counts[1], advice = counts[0];
  report.verdict = critical   ? model::Verdict::kCritical
                   : warnings ? model::Verdict::kWarning
                              : model::Verdict::kOk;
  std::vector<std::string> parts;
  if (critical) parts.push_back(base::grouped(critical) + " critical");
  if (warnings) parts.push_back(base::plural(warnings, "warning"));
  if (advice)
    parts.push_back(base::grouped(advice) + (advice == 1 ? " piece" : " pieces") + " of advice");
  const std::string looked = base::plural(static_cast<int64_t>(report.files.size()), "file") +
                             ", " + base::plural(report.directives, "directive") + ", " +
                             base::plural(report.checks, "check");
  report.summary =
      (parts.empty() ? "nothing to mend" : base::join(parts, ", ")) + " (" + looked + ")";
}

}  // namespace

std::vector<AuditInput> audit_inputs(const source::Evidence& evidence,
                                     std::vector<model::Gap>& gaps) {
  std::vector<AuditInput> out;
  for (const source::Instance& instance : evidence.instances) {
    analyze::Digest digest = analyze::gather_configuration(evidence, instance);
    gaps.insert(gaps.end(), digest.gaps.begin(), digest.gaps.end());
    const audit::Host host = host_of(evidence, instance, digest);
    std::vector<analyze::ConfigPiece> fragments;
    for (analyze::ConfigPiece& piece : digest.configs) {
      if (piece.config.complete)
        out.push_back({std::move(piece.config), host, evidence.live});
      else
        fragments.push_back(std::move(piece));
    }
    if (!fragments.empty())
      out.push_back({analyze::join_fragments(std::move(fragments)).config, host, evidence.live});
    // A binary or limits that were handed over beside configurations given as files.
    if (digest.configs.empty()) out.push_back({{}, host, false});
  }
  return out;
}

model::ConfigReport audit_configs(std::vector<AuditInput> inputs,
                                  const std::vector<audit::Check>& checks,
                                  const AuditOptions& options) {
  model::ConfigReport report;
  for (AuditInput& input : inputs) {
    set_aside_includes(input, report);
    audit_one(input, checks, options.selection, report);
  }
  put_aside(report, checks, options);
  audit::sort_findings(report.findings);
  conclude(report);
  if (report.directives == 0 && report.findings.empty()) {
    report.verdict = model::Verdict::kUnknown;
    report.summary = "there was no configuration to look at";
  }
  return report;
}

std::vector<std::string> read_config_baseline(std::string_view text, std::string_view where) {
  const json::Node root = json::parse(text, where);
  const json::Node* schema = root.find("schema");
  if (!schema || !schema->is_string() || schema->as_string() != "ngxdiag.config/1")
    throw json::error_at(text, where, root.position(), "not a report of ngxdiag config", {},
                         "take a baseline with: ngxdiag config --format json > FILE");
  std::vector<std::string> out;
  if (const json::Node* findings = root.find("findings"))
    for (const json::Node& finding : findings->items())
      if (const json::Node* print = finding.find("fingerprint"); print && print->is_string())
        out.push_back(print->as_string());
  return out;
}

std::string check_config_example(const audit::Check& check, const audit::CheckExample& example) {
  AuditInput input{parse::parse_config(example.config, "nginx.conf"), example.host, true};
  model::ConfigReport report;
  audit_one(input, {check}, {}, report);
  std::vector<int> lines;
  for (const model::ConfigFinding& finding : report.findings) lines.push_back(finding.place.line);
  std::sort(lines.begin(), lines.end());
  if (example.fires && lines.empty()) return "should fire, and is quiet";
  if (!example.fires && !lines.empty())
    return "should be quiet, and fires at line " + std::to_string(lines.front());
  if (!example.lines.empty() && lines != example.lines) {
    std::string at;
    for (const int line : lines) at += " " + std::to_string(line);
    return "fires at other lines:" + at;
  }
  for (const model::ConfigFinding& finding : report.findings)
    if (!finding.unfilled.empty()) return "nothing fills {" + finding.unfilled + "}";
  return {};
}

}  // namespace ngxdiag::pipeline

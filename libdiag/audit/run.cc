#include "libdiag/audit/run.h"

#include <algorithm>
#include <tuple>

#include "libdiag/audit/ignore.h"
#include "libdiag/audit/words.h"
#include "libdiag/base/text.h"

namespace ngxdiag::audit {
namespace {

model::ConfigPlace place_of(const Tree& tree, NodeId id) {
  if (id == kTop) {
    const auto& files = tree.config().files;
    return {files.empty() ? "" : files.front(), 0, 0, "", ""};
  }
  const parse::Directive& directive = tree.at(id);
  return {directive.file, directive.line, directive.column, text_of(directive), tree.blocks_of(id)};
}

const Check* find_check(const std::vector<Check>& checks, std::string_view id) {
  for (const Check& check : checks)
    if (check.id == id) return &check;
  return nullptr;
}

// A finding that comes from no directive: a problem of the parser, a wrong comment.
model::ConfigFinding loose_finding(const Check& check, model::ConfigPlace place,
                                   const std::string& says) {
  model::ConfigFinding out;
  out.id = check.id;
  out.group = check.group;
  out.aliases = check.aliases;
  out.severity = check.severity;
  out.title = check.title;
  out.explanation = check.explanation;
  out.references = check.references;
  out.says = says;
  out.fix = check.fix;
  out.fingerprint = check.id + "|" + place.file + "|" + says;
  out.place = std::move(place);
  return out;
}

}  // namespace

model::ConfigFinding finding_of(const Context& context, const Hit& hit) {
  const Check& check = context.check;
  model::ConfigFinding out;
  out.id = check.id;
  out.group = check.group;
  out.aliases = check.aliases;
  out.severity = hit.severity.value_or(check.severity);
  out.title = check.title;
  out.explanation = check.explanation;
  out.references = check.references;
  std::vector<std::string> unfilled;
  out.says = fill(check.says, context, hit, &unfilled);
  for (const std::string& line : check.fix) out.fix.push_back(fill(line, context, hit, &unfilled));
  if (!unfilled.empty()) out.unfilled = unfilled.front();
  out.place = place_of(context.tree, hit.node);
  for (const NodeId id : hit.related) out.related.push_back(place_of(context.tree, id));
  out.fingerprint = check.id + "|" + out.place.file + "|" + out.place.block + "|" + out.place.text;
  return out;
}

bool is_include_problem(const parse::ConfigProblem& problem) {
  return problem.says.starts_with("open() \"") || problem.says.starts_with("include \"");
}

bool selected(const Selection& selection, const Check& check) {
  const auto named = [&](const std::string& name) {
    return name == check.id || name == check.group ||
           std::find(check.aliases.begin(), check.aliases.end(), name) != check.aliases.end();
  };
  if (std::any_of(selection.skip.begin(), selection.skip.end(), named)) return false;
  return selection.only.empty() || std::any_of(selection.only.begin(), selection.only.end(), named);
}

void sort_findings(std::vector<model::ConfigFinding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    return std::tie(a.id, a.place.file, a.place.line, a.place.column) <
           std::tie(b.id, b.place.file, b.place.line, b.place.column);
  });
}

void run_checks(const parse::Config& config, const Host& host, const std::vector<Check>& checks,
                const Selection& selection, model::ConfigReport& report) {
  const Tree tree(config);
  const Ignores ignores(config, checks);
  const auto deliver = [&](model::ConfigFinding finding) {
    const std::string* reason = ignores.reason(finding.place.file, finding.place.line, finding.id);
    if (reason)
      report.suppressed.push_back({std::move(finding), *reason, "comment"});
    else
      report.findings.push_back(std::move(finding));
  };
  for (const Check& check : checks) {
    if (!selected(selection, check)) continue;
    const Context context{tree, host, check};
    for (const Hit& hit : find_hits(context)) deliver(finding_of(context, hit));
  }
  for (const parse::ConfigProblem& problem : config.problems) {
    const Check* check =
        find_check(checks, is_include_problem(problem) ? kIncludeCheck : kSyntaxCheck);
    if (!check || !selected(selection, *check)) continue;
    const std::string says = problem.says + (problem.hint.empty() ? "" : " (" + problem.hint + ")");
    deliver(loose_finding(*check, {problem.file, problem.line, problem.column, "", ""}, says));
  }
  if (const Check* check = find_check(checks, kIgnoreCheck); check && selected(selection, *check))
    for (const Ignores::Mistake& mistake : ignores.mistakes())
      deliver(loose_finding(*check, mistake.place, mistake.says));
  report.files.insert(report.files.end(), config.files.begin(), config.files.end());
  report.directives += tree.size();
  for (const NodeId id : tree.all("server"))
    if (tree.at(id).block) ++report.servers;
}

}  // namespace ngxdiag::audit

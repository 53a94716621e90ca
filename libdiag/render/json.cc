#include "libdiag/render/json.h"

#include <cmath>

#include "libdiag/base/time.h"
#include "libdiag/json/dump.h"

namespace ngxdiag::render {
namespace {

using json::Node;

// Four digits are more than a confidence or a weight carries, and keep the last bits of the
// floating-point library out of the report.
Node rounded(double value) { return Node(std::round(value * 10000) / 10000); }

template <typename List, typename Item>
Node list(const List& items, Item to_item) {
  Node out = Node::array();
  for (const auto& item : items) out.push(to_item(item));
  return out;
}

Node evidence(const std::vector<model::EvidenceItem>& items) {
  return list(items, [](const model::EvidenceItem& item) {
    Node out = Node::object();
    out.set("says", item.says);
    out.set("weight", rounded(item.weight));
    out.set("source", to_node(item.source));
    if (!item.analyzer.empty()) out.set("analyzer", item.analyzer);
    return out;
  });
}

Node fix_node(const model::Fix& fix) {
  Node out = Node::object();
  out.set("title", fix.title);
  out.set("commands", Node::strings(fix.commands));
  out.set("impact", fix.impact);
  out.set("undo", fix.undo);
  out.set("verify", fix.verify);
  return out;
}

Node finding_node(const model::Finding& finding) {
  Node out = Node::object();
  out.set("id", finding.id);
  out.set("kind", finding.kind.empty() ? std::string("cause") : finding.kind);
  out.set("cause", finding.cause);
  out.set("component", finding.component);
  out.set("severity", model::severity_name(finding.severity));
  out.set("confidence", rounded(finding.confidence));
  out.set("title", finding.title);
  out.set("explanation", finding.explanation);
  if (!finding.instance.empty()) out.set("instance", finding.instance);
  if (!finding.explained_by.empty()) out.set("explained_by", finding.explained_by);
  out.set("evidence", evidence(finding.evidence));
  out.set("explains", Node::strings(finding.explains));
  out.set("fixes", list(finding.fixes, fix_node));
  out.set("references", Node::strings(finding.references));
  return out;
}

Node symptom_node(const model::Symptom& symptom) {
  Node out = Node::object();
  out.set("id", symptom.id);
  out.set("says", symptom.says);
  out.set("severity", model::severity_name(symptom.severity));
  if (!symptom.explained_by.empty()) out.set("explained_by", symptom.explained_by);
  out.set("evidence", evidence(symptom.evidence));
  return out;
}

Node event_node(const model::TimelineEvent& event) {
  Node out = Node::object();
  out.set("time", base::format_civil(event.time, 'T'));
  if (event.end) out.set("end", base::format_civil(*event.end, 'T'));
  out.set("kind", event.kind);
  out.set("says", event.says);
  out.set("source", to_node(event.source));
  if (!event.counts.empty()) {
    Node bins = Node::object();
    bins.set("seconds", event.bin);
    bins.set("counts", list(event.counts, [](int64_t count) { return Node(count); }));
    out.set("bins", std::move(bins));
  }
  return out;
}

Node changes_node(const model::Changes& changes) {
  Node out = Node::object();
  out.set("since", changes.since.empty() ? Node() : Node(changes.since));
  if (!changes.since.empty())
    out.set("verdict_before", model::verdict_name(changes.verdict_before));
  out.set("items", list(changes.items, [](const model::Change& change) {
            Node node = Node::object();
            node.set("change", model::change_name(change.kind));
            node.set("id", change.id);
            if (!change.instance.empty()) node.set("instance", change.instance);
            node.set("title", change.title);
            node.set("severity", model::severity_name(change.severity));
            if (!change.how.empty()) node.set("how", change.how);
            return node;
          }));
  return out;
}

}  // namespace

Node to_node(const model::SourceRef& source) {
  Node out = Node::object();
  out.set("kind", source.kind);
  out.set("path", source.path);
  out.set("line", source.line > 0 ? Node(source.line) : Node());
  out.set("time", source.time ? Node(base::format_civil(*source.time, 'T')) : Node());
  out.set("pid", source.pid > 0 ? Node(source.pid) : Node());
  if (!source.excerpt.empty()) out.set("excerpt", source.excerpt);
  return out;
}

Node to_node(const model::Value& value) {
  if (const auto* items = std::get_if<std::vector<std::string>>(&value))
    return Node::strings(*items);
  if (const auto* flag = std::get_if<bool>(&value)) return Node(*flag);
  if (const auto* whole = std::get_if<int64_t>(&value)) return Node(*whole);
  if (const auto* number = std::get_if<double>(&value)) return rounded(*number);
  return Node(std::get<std::string>(value));
}

Node to_node(const model::FactSet& facts) {
  Node out = Node::object();
  for (const auto& [name, fact] : facts.all()) {
    Node entry = Node::object();
    entry.set("value", to_node(fact.value));
    entry.set("analyzer", fact.analyzer);
    entry.set("sources",
              list(fact.evidence, [](const model::SourceRef& ref) { return to_node(ref); }));
    out.set(name, std::move(entry));
  }
  return out;
}

std::string render_json(const model::Report& report) {
  Node out = Node::object();
  out.set("schema", "ngxdiag.report/1");
  out.set("generated", report.generated);
  out.set("host", report.host);
  out.set("verdict", model::verdict_name(report.verdict));
  out.set("summary", report.summary);
  if (report.changes) out.set("changes", changes_node(*report.changes));
  out.set("findings", list(report.findings, finding_node));
  out.set("symptoms", list(report.symptoms, symptom_node));
  out.set("suppressed", list(report.suppressed, [](const model::Suppressed& known) {
            Node node = Node::object();
            node.set("id", known.id);
            node.set("title", known.title);
            node.set("reason", known.reason);
            if (known.until) node.set("until", base::format_civil(*known.until).substr(0, 10));
            return node;
          }));
  out.set("next_checks", list(report.next_checks, [](const model::NextCheck& check) {
            Node node = Node::object();
            node.set("says", check.says);
            node.set("command", check.command);
            return node;
          }));
  out.set("timeline", list(report.timeline, event_node));
  out.set("facts", to_node(report.facts));
  out.set("not_observed", list(report.not_observed, [](const model::Gap& gap) {
            Node node = Node::object();
            node.set("what", gap.what);
            node.set("why", gap.why);
            return node;
          }));
  out.set("looked_at", Node::strings(report.looked_at));
  return json::dump(out, 1) + "\n";
}

}  // namespace ngxdiag::render

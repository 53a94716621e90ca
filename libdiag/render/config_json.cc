#include "libdiag/render/config_json.h"

#include "libdiag/json/dump.h"

namespace ngxdiag::render {
namespace {

using json::Node;

Node place_node(const model::ConfigPlace& place) {
  Node out = Node::object();
  out.set("file", place.file);
  out.set("line", place.line);
  out.set("column", place.column);
  if (!place.text.empty()) out.set("directive", place.text);
  if (!place.block.empty()) out.set("block", place.block);
  return out;
}

Node finding_node(const model::ConfigFinding& finding) {
  Node out = Node::object();
  out.set("id", finding.id);
  out.set("group", finding.group);
  out.set("severity", model::severity_name(finding.severity));
  out.set("title", finding.title);
  out.set("says", finding.says);
  out.set("place", place_node(finding.place));
  if (!finding.related.empty()) {
    Node related = Node::array();
    for (const model::ConfigPlace& place : finding.related) related.push(place_node(place));
    out.set("related", std::move(related));
  }
  out.set("explanation", finding.explanation);
  out.set("fix", Node::strings(finding.fix));
  out.set("aliases", Node::strings(finding.aliases));
  out.set("references", Node::strings(finding.references));
  out.set("fingerprint", finding.fingerprint);
  return out;
}

}  // namespace

std::string render_config_json(const model::ConfigReport& report) {
  Node out = Node::object();
  out.set("schema", "ngxdiag.config/1");
  out.set("generated", report.generated);
  out.set("host", report.host);
  out.set("verdict", model::verdict_name(report.verdict));
  out.set("summary", report.summary);
  out.set("files", Node::strings(report.files));
  out.set("directives", report.directives);
  out.set("servers", report.servers);
  out.set("checks", report.checks);
  Node findings = Node::array(), suppressed = Node::array(), gaps = Node::array();
  for (const model::ConfigFinding& finding : report.findings) findings.push(finding_node(finding));
  for (const model::ConfigSuppressed& one : report.suppressed) {
    Node node = finding_node(one.finding);
    node.set("reason", one.reason);
    node.set("suppressed_by", one.by);
    suppressed.push(std::move(node));
  }
  for (const model::Gap& gap : report.not_observed) {
    Node node = Node::object();
    node.set("what", gap.what);
    node.set("why", gap.why);
    gaps.push(std::move(node));
  }
  out.set("findings", std::move(findings));
  out.set("suppressed", std::move(suppressed));
  out.set("not_observed", std::move(gaps));
  return json::dump(out, 1) + "\n";
}

}  // namespace ngxdiag::render

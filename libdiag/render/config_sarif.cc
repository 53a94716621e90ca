#include "libdiag/render/config_sarif.h"

#include <map>

#include "libdiag/base/text.h"
#include "libdiag/json/dump.h"
#include "libdiag/render/sarif.h"

namespace ngxdiag::render {
namespace {

using json::Node;

Node location(const model::ConfigPlace& place) {
  Node artifact = Node::object();
  artifact.set("uri", path_uri(place.file));
  Node physical = Node::object();
  physical.set("artifactLocation", std::move(artifact));
  if (place.line > 0) {
    Node region = Node::object();
    region.set("startLine", place.line);
    if (place.column > 0) region.set("startColumn", place.column);
    if (!place.text.empty()) region.set("snippet", sarif_text(place.text));
    physical.set("region", std::move(region));
  }
  Node out = Node::object();
  out.set("physicalLocation", std::move(physical));
  if (!place.block.empty()) {
    Node logical = Node::object();
    logical.set("fullyQualifiedName", place.block);
    Node list = Node::array();
    list.push(std::move(logical));
    out.set("logicalLocations", std::move(list));
  }
  return out;
}

Node rule_node(const model::ConfigFinding& finding) {
  Node out = Node::object();
  out.set("id", finding.id);
  out.set("shortDescription", sarif_text(finding.title));
  out.set("fullDescription", sarif_text(finding.explanation));
  for (const std::string& reference : finding.references)
    if (reference.starts_with("https://") && !out.find("helpUri")) out.set("helpUri", reference);
  Node configuration = Node::object();
  configuration.set("level", sarif_level(finding.severity));
  out.set("defaultConfiguration", std::move(configuration));
  Node properties = Node::object();
  properties.set("tags", Node::strings({finding.group}));
  out.set("properties", std::move(properties));
  return out;
}

struct Run {
  Node rules = Node::array(), results = Node::array();
  std::map<std::string, size_t> known;
};

void add_result(Run& run, const model::ConfigFinding& finding,
                const model::ConfigSuppressed* suppressed) {
  const auto [rule, fresh] = run.known.emplace(finding.id, run.rules.size());
  if (fresh) run.rules.push(rule_node(finding));
  Node out = Node::object();
  out.set("ruleId", finding.id);
  out.set("ruleIndex", rule->second);
  out.set("level", sarif_level(finding.severity));
  std::string message = finding.says;
  if (!finding.fix.empty()) message += "\n" + base::join(finding.fix, "\n");
  out.set("message", sarif_text(message));
  Node locations = Node::array(), related = Node::array();
  if (!finding.place.file.empty()) locations.push(location(finding.place));
  for (const model::ConfigPlace& place : finding.related) related.push(location(place));
  out.set("locations", std::move(locations));
  if (related.size() > 0) out.set("relatedLocations", std::move(related));
  Node prints = Node::object();
  prints.set("directive/v1", finding.fingerprint);
  out.set("partialFingerprints", std::move(prints));
  if (suppressed) {
    Node one = Node::object();
    one.set("kind", suppressed->by == "comment" ? "inSource" : "external");
    one.set("justification", suppressed->reason);
    Node list = Node::array();
    list.push(std::move(one));
    out.set("suppressions", std::move(list));
  }
  run.results.push(std::move(out));
}

}  // namespace

std::string render_config_sarif(const model::ConfigReport& report) {
  Run run;
  for (const model::ConfigFinding& finding : report.findings) add_result(run, finding, nullptr);
  for (const model::ConfigSuppressed& one : report.suppressed) add_result(run, one.finding, &one);
  Node driver = Node::object();
  driver.set("name", "ngxdiag");
  driver.set("rules", std::move(run.rules));
  Node tool = Node::object();
  tool.set("driver", std::move(driver));
  Node node = Node::object();
  node.set("tool", std::move(tool));
  node.set("columnKind", "unicodeCodePoints");
  node.set("results", std::move(run.results));
  Node properties = Node::object();
  properties.set("verdict", model::verdict_name(report.verdict));
  properties.set("summary", report.summary);
  node.set("properties", std::move(properties));
  Node runs = Node::array();
  runs.push(std::move(node));
  Node out = Node::object();
  out.set("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.set("version", "2.1.0");
  out.set("runs", std::move(runs));
  return json::dump(out, 1) + "\n";
}

}  // namespace ngxdiag::render

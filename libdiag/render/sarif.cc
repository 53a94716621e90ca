#include "libdiag/render/sarif.h"

#include <cmath>
#include <map>

#include "libdiag/base/text.h"
#include "libdiag/json/dump.h"
#include "libdiag/render/outline.h"

namespace ngxdiag::render {

using json::Node;

std::string_view sarif_level(model::Severity severity) {
  switch (severity) {
    case model::Severity::kInfo: return "note";
    case model::Severity::kWarning: return "warning";
    case model::Severity::kCritical: return "error";
  }
  return "none";
}

Node sarif_text(const std::string& text) {
  Node out = Node::object();
  out.set("text", text);
  return out;
}

namespace {

// A result points at this many lines: the strongest reasons come first.
constexpr size_t kMostLocations = 10;

Node location(const model::EvidenceItem& item) {
  Node artifact = Node::object();
  artifact.set("uri", path_uri(item.source.path));
  Node region = Node::object();
  region.set("startLine", item.source.line);
  Node physical = Node::object();
  physical.set("artifactLocation", std::move(artifact));
  physical.set("region", std::move(region));
  Node out = Node::object();
  out.set("physicalLocation", std::move(physical));
  out.set("message", sarif_text(item.says));
  return out;
}

Node rule_node(const model::Finding& finding) {
  Node out = Node::object();
  out.set("id", finding.id);
  out.set("shortDescription", sarif_text(finding.title));
  if (!finding.explanation.empty()) out.set("fullDescription", sarif_text(finding.explanation));
  for (const std::string& reference : finding.references)
    if (reference.starts_with("https://") && !out.find("helpUri")) out.set("helpUri", reference);
  Node configuration = Node::object();
  configuration.set("level", sarif_level(finding.severity));
  out.set("defaultConfiguration", std::move(configuration));
  Node properties = Node::object();
  properties.set("tags", Node::strings({finding.component}));
  out.set("properties", std::move(properties));
  return out;
}

Node result_node(const model::Finding& finding, size_t rule) {
  Node out = Node::object();
  out.set("ruleId", finding.id);
  out.set("ruleIndex", rule);
  out.set("kind", "fail");
  out.set("level", sarif_level(finding.severity));
  std::string message = finding.title;
  for (const model::Fix& fix : finding.fixes) message += "\n" + fix.title;
  out.set("message", sarif_text(message));
  out.set("rank", std::round(finding.confidence * 1000) / 10);
  Node locations = Node::array();
  for (const bool speaking_for : {true, false})
    for (const model::EvidenceItem* item : reasons(finding, speaking_for))
      if (item->source.line > 0 && !item->source.path.empty() && locations.size() < kMostLocations)
        locations.push(location(*item));
  out.set("locations", std::move(locations));
  Node prints = Node::object();
  prints.set("finding/v1", finding.id + (finding.instance.empty() ? "" : "@" + finding.instance));
  out.set("partialFingerprints", std::move(prints));
  Node properties = Node::object();
  properties.set("confidence", std::round(finding.confidence * 10000) / 10000);
  properties.set("cause", finding.cause);
  properties.set("component", finding.component);
  if (!finding.instance.empty()) properties.set("instance", finding.instance);
  if (!finding.explained_by.empty()) properties.set("explained_by", finding.explained_by);
  out.set("properties", std::move(properties));
  return out;
}

}  // namespace

std::string path_uri(std::string_view path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  static constexpr std::string_view kPlain = "-._~/!$&'()*+,;=@";
  std::string out = path.starts_with("/") ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos)
      out += c;
    else
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

std::string render_sarif(const model::Report& report) {
  Node rules = Node::array(), results = Node::array();
  std::map<std::string, size_t> known;
  for (const model::Finding& finding : report.findings) {
    const auto [it, fresh] = known.emplace(finding.id, rules.size());
    if (fresh) rules.push(rule_node(finding));
    results.push(result_node(finding, it->second));
  }
  Node driver = Node::object();
  driver.set("name", "ngxdiag");
  driver.set("rules", std::move(rules));
  Node tool = Node::object();
  tool.set("driver", std::move(driver));
  Node run = Node::object();
  run.set("tool", std::move(tool));
  run.set("columnKind", "unicodeCodePoints");
  run.set("results", std::move(results));
  Node properties = Node::object();
  properties.set("host", report.host);
  properties.set("generated", report.generated);
  properties.set("verdict", model::verdict_name(report.verdict));
  properties.set("summary", report.summary);
  run.set("properties", std::move(properties));
  Node runs = Node::array();
  runs.push(std::move(run));
  Node out = Node::object();
  out.set("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.set("version", "2.1.0");
  out.set("runs", std::move(runs));
  return json::dump(out, 1) + "\n";
}

}  // namespace ngxdiag::render

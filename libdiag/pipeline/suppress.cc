#include "libdiag/pipeline/suppress.h"

#include <algorithm>

#include "libdiag/json/parse.h"
#include "libdiag/parse/glob.h"

namespace ngxdiag::pipeline {
namespace {

constexpr base::CivilTime kDay = 86400;

// Whether `glob` names the file or a folder above it.
bool lies_in(std::string_view path, std::string_view glob) {
  while (glob.size() > 1 && glob.ends_with('/')) glob.remove_suffix(1);
  for (size_t end = path.size(); end != std::string_view::npos && end > 0;
       end = path.rfind('/', end - 1))
    if (parse::glob_match(glob, path.substr(0, end))) return true;
  return false;
}

// Whether all that speaks for the finding was read there. One piece from elsewhere is news.
bool read_there(const std::vector<model::EvidenceItem>& evidence, std::string_view glob) {
  bool any = false;
  for (const model::EvidenceItem& item : evidence) {
    if (item.weight < 0 || item.source.path.empty()) continue;
    if (!lies_in(item.source.path, glob)) return false;
    any = true;
  }
  return any;
}

const Suppression* covering(const std::vector<Suppression>& suppressions, base::CivilTime now,
                            std::string_view id, std::string_view cause,
                            const std::vector<model::EvidenceItem>& evidence) {
  for (const Suppression& one : suppressions)
    if ((one.id.empty() || one.id == id || one.id == cause) &&
        (one.path.empty() || read_there(evidence, one.path)) && holds_at(one, now))
      return &one;
  return nullptr;
}

std::string member(const json::Node& node, std::string_view key, std::string_view text,
                   std::string_view where) {
  const json::Node* value = node.find(key);
  if (!value || !value->is_string() || value->as_string().empty())
    throw json::error_at(text, where, value ? value->position() : node.position(),
                         "a suppression needs \"" + std::string(key) + "\"", {},
                         R"(write {"id": "RULE", "reason": "why", "until": "2026-12-31"})");
  return value->as_string();
}

}  // namespace

bool holds_for(const Suppression& suppression, std::string_view path) {
  return suppression.path.empty() || lies_in(path, suppression.path);
}

bool holds_at(const Suppression& suppression, base::CivilTime now) {
  return !suppression.until || now < *suppression.until + kDay;
}

std::vector<Suppression> read_suppressions(std::string_view text, std::string_view where) {
  const json::Node root = json::parse(text, where);
  if (!root.is_array())
    throw json::error_at(text, where, root.position(), "suppressions are a list", {},
                         R"(write [ {"id": "RULE", "reason": "why"} ])");
  std::vector<Suppression> out;
  for (const json::Node& node : root.items()) {
    if (!node.is_object())
      throw json::error_at(text, where, node.position(), "a suppression is an object", {},
                           R"(write {"id": "RULE", "reason": "why"})");
    Suppression one;
    one.reason = member(node, "reason", text, where);
    if (node.find("path")) one.path = member(node, "path", text, where);
    if (node.find("id") || one.path.empty()) one.id = member(node, "id", text, where);
    for (const auto& [key, value] : node.members())
      if (key != "id" && key != "path" && key != "reason" && key != "until")
        throw json::error_at(text, where, node.key_position(key), "unknown member \"" + key + "\"",
                             {}, "a suppression has id or path or both, reason and until");
    if (const json::Node* until = node.find("until")) {
      if (until->is_string()) one.until = base::parse_civil(until->as_string() + "T00:00:00");
      if (!one.until)
        throw json::error_at(text, where, until->position(), "not a day", {},
                             "write for example \"2026-12-31\"");
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Suppression> read_baseline(std::string_view text, std::string_view where) {
  const json::Node root = json::parse(text, where);
  const json::Node* schema = root.find("schema");
  if (!schema || !schema->is_string() || schema->as_string() != "ngxdiag.report/1")
    throw json::error_at(text, where, root.position(), "not a report of ngxdiag", {},
                         "take a baseline with: ngxdiag scan --format json > FILE");
  std::vector<Suppression> out;
  for (const std::string_view list : {"findings", "symptoms"})
    if (const json::Node* items = root.find(list))
      for (const json::Node& item : items->items())
        if (const json::Node* id = item.find("id"); id && id->is_string())
          out.push_back({id->as_string(), {}, "in the baseline " + std::string(where), {}});
  return out;
}

void suppress(model::Report& report, const std::vector<Suppression>& suppressions,
              base::CivilTime now) {
  std::vector<std::string> gone;
  const auto hide = [&](const std::string& id, const std::string& title, const Suppression& by) {
    report.suppressed.push_back({id, title, by.reason, by.until});
    gone.push_back(id);
  };
  const auto sift = [](auto& items, const auto& hidden) {
    items.erase(std::remove_if(items.begin(), items.end(), hidden), items.end());
  };
  sift(report.findings, [&](const model::Finding& finding) {
    const Suppression* by =
        covering(suppressions, now, finding.id, finding.cause, finding.evidence);
    if (by) hide(finding.id, finding.title, *by);
    return by != nullptr;
  });
  sift(report.symptoms, [&](const model::Symptom& symptom) {
    if (std::find(gone.begin(), gone.end(), symptom.explained_by) != gone.end()) return true;
    const Suppression* by = covering(suppressions, now, symptom.id, symptom.id, symptom.evidence);
    if (by) hide(symptom.id, symptom.says, *by);
    return by != nullptr;
  });
  // What a suppressed cause explained stands on its own now.
  for (model::Finding& finding : report.findings)
    if (std::find(gone.begin(), gone.end(), finding.explained_by) != gone.end())
      finding.explained_by.clear();
  for (const Suppression& one : suppressions)
    if (one.until && now >= *one.until + kDay)
      report.not_observed.push_back({"suppression of " + (one.id.empty() ? one.path : one.id),
                                     "ended on " + base::format_civil(*one.until).substr(0, 10) +
                                         ": take it out of the file, or renew it"});
}

}  // namespace ngxdiag::pipeline

// Short ways to write facts and rules in the engine's tests.
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "libdiag/base/error.h"
#include "libdiag/engine/evaluate.h"
#include "libdiag/json/dump.h"
#include "libdiag/json/parse.h"

namespace ngxdiag::engine::testing {

inline const std::vector<model::FactSpec>& known_facts() {
  using model::Unit;
  static const std::vector<model::FactSpec> kKnown = {
      {"deaths.total", Unit::kCount, "deaths"},
      {"deaths.by_signal.*", Unit::kCount, "deaths by signal"},
      {"deaths.first", Unit::kTime, "first death"},
      {"deaths.last", Unit::kTime, "last death"},
      {"deaths.peak_per_second", Unit::kPerSecond, "worst second"},
      {"assertions.expressions", Unit::kNone, "assertions"},
      {"zones.locked", Unit::kNone, "zones"},
      {"kernel.segfaults", Unit::kCount, "segfault lines"},
      {"kernel.objects", Unit::kNone, "objects"},
      {"kernel.oom_kills", Unit::kCount, "kills"},
      {"stack.frames", Unit::kNone, "frames"},
      {"stack.top", Unit::kNone, "innermost frame"},
      {"modules.*", Unit::kNone, "modules"},
      {"config.complete", Unit::kNone, "whole configuration"},
      {"config.directive.*", Unit::kNone, "directives"},
      {"config.worker_processes", Unit::kCount, "workers"},
      {"processes.*", Unit::kNone, "processes"},
      {"nginx.version", Unit::kNone, "version"},
      {"nginx.base_version", Unit::kNone, "version"},
      {"reloads.total", Unit::kCount, "reloads"},
      {"limits.nofile", Unit::kCount, "limit"},
  };
  return kKnown;
}

inline model::SourceRef ref(std::string path, int64_t line = 0) {
  model::SourceRef out;
  out.path = std::move(path);
  out.line = line;
  return out;
}

// Each fact rests on "FACT:1" and comes from the analyzer "test".
inline model::FactSet facts(std::initializer_list<std::pair<const char*, model::Value>> values) {
  model::FactSet set;
  for (const auto& [name, value] : values) set.put(name, value, {ref(name, 1)}, "test");
  return set;
}

inline model::Value list(std::vector<std::string> items) { return items; }
inline model::Value text(std::string value) { return value; }
inline model::Value number(int64_t value) { return value; }

// A rule that stands when the fact deaths.total holds, with prior 0; `more` overrides by naming
// members again: "\"prior\": {\"db\": 5}, \"group\": \"crash\"".
inline std::string rule_json(const std::string& id, const std::string& more = "") {
  json::Node rule =
      json::parse(R"({"id": "", "cause": "", "component": "nginx", "severity": "warning",
    "title": "", "explanation": "Why.", "prior": {"db": 0, "because": "a test"},
    "requires": {"fact": "deaths.total"}, "evidence": []})",
                  "rule_json");
  rule.set("id", id);
  rule.set("cause", id);
  rule.set("title", "Title of " + id);
  const json::Node overrides = json::parse("{" + more + "}", id);
  for (const auto& [key, value] : overrides.members()) rule.set(key, value);
  return json::dump(rule);
}

// Loads texts made by rule_json (kept alive for the program's life).
inline RuleBase rules(const std::vector<std::string>& texts) {
  static std::deque<std::string> kept;
  std::vector<RuleText> all;
  for (const std::string& text : texts) {
    kept.push_back(text);
    all.push_back({json::parse(text, "t").find("id")->as_string() + ".json", kept.back()});
  }
  return load_rules(all, known_facts());
}

// The message of the error that loading `text` as file "NAME.json" throws; empty when it loads.
inline std::string load_error(const std::string& text, const std::string& file = "r.json") {
  try {
    load_rules({{file, text}}, known_facts());
  } catch (const base::UserError& error) {
    return error.text();
  }
  return {};
}

}  // namespace ngxdiag::engine::testing

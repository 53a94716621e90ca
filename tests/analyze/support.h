// Runs the analyzers over evidence made of texts, processes and tables written in a test.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libdiag/analyze/gather.h"
#include "libdiag/analyze/pattern_facts.h"
#include "libdiag/analyze/registry.h"
#include "libdiag/base/time.h"

namespace ngxdiag::analyze {

struct Scene {
  source::Evidence evidence;
  Tables tables;
  std::vector<model::LinePattern> patterns;
  std::vector<model::Event> events;
  Digest digest;

  Scene() {
    evidence.now = *base::civil(2026, 4, 22, 9, 0, 0);
    evidence.instances.emplace_back();
    evidence.instances[0].files = source::no_files();
    tables.witnesses = {
        {"zone", "memstore", "nchan"},     {"zone", "ngx_http_upstream_check#*", "upstream-check"},
        {"function", "nchan_*", "nchan"},  {"function", "ngx_http_lua_*", "lua"},
        {"directive", "nchan_*", "nchan"}, {"path", "/nchan", "nchan"}};
    tables.thresholds = {{"cert_soon_days", 30},    {"cert_week_days", 7},   {"cert_day_days", 1},
                         {"cert_soon_share", 0.33}, {"cert_rsa_bits", 2048}, {"cert_ec_bits", 224}};
    patterns.push_back({"module-message/nchan",
                        {model::Kind::kErrorLog},
                        "of shared memory for nchan in",
                        {},
                        {}});
  }

  Scene& with(const std::string& name, const std::string& text,
              std::optional<model::Kind> kind = std::nullopt) {
    evidence.instances[0].documents.push_back(source::text_document(name, text, kind));
    return *this;
  }

  Scene& with(model::Process process) {
    evidence.live = true;
    process.ref = {"proc", "/proc/" + std::to_string(process.pid)};
    evidence.instances[0].processes.push_back(std::move(process));
    return *this;
  }

  // Facts of all analyzers and of the patterns.
  model::FactSet facts() {
    model::FactSet out;
    digest = gather_digest(evidence, evidence.instances[0], patterns);
    for (const Analyzer* analyzer : analyzers()) {
      model::FactSink sink(out, analyzer->name, analyzer->specs, analyzer->spec_count);
      analyzer->run({digest, patterns, evidence, evidence.instances[0], tables, out}, sink, events);
    }
    put_pattern_facts(digest, patterns, out);
    return out;
  }
};

inline model::Process process(int64_t pid, int64_t ppid, model::Role role) {
  model::Process out;
  out.pid = pid;
  out.ppid = ppid;
  out.role = role;
  out.state = 'S';
  return out;
}

inline std::vector<std::string> list(const model::FactSet& facts, std::string_view name) {
  const model::Fact* fact = facts.find(name);
  if (!fact) return {"(unknown)"};
  const auto* values = std::get_if<std::vector<std::string>>(&fact->value);
  return values ? *values : std::vector<std::string>{model::to_text(fact->value)};
}

using Names = std::vector<std::string>;

}  // namespace ngxdiag::analyze

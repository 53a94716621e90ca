#include "libdiag/analyze/pattern_facts.h"

#include <algorithm>
#include <set>

namespace ngxdiag::analyze {
namespace {

using model::Process;
using model::Role;

// What a pid was, by the process table or by the log's own life-cycle lines; "" unknown.
std::string_view role_of(const Digest& digest, int64_t pid) {
  for (const Process& process : digest.processes) {
    if (process.pid != pid) continue;
    switch (process.role) {
      case Role::kMaster: return "master";
      case Role::kWorker: return "worker";
      case Role::kShuttingDown: return "shutting-down";
      case Role::kCacheManager:
      case Role::kCacheLoader: return "cache-manager";
      default: return "";
    }
  }
  const auto it = digest.pids.find(pid);
  if (it == digest.pids.end()) return digest.process_table ? "signaller" : "";
  if (it->second.master) return "master";
  if (it->second.signaller) return "signaller";
  if (it->second.cache) return "cache-manager";
  if (it->second.graceful) return "shutting-down";
  if (it->second.worker) return "worker";
  // Alerts of deaths are written by masters alone.
  return "";
}

void put_hit(const Digest& digest, const std::string& name, const model::PatternHit& hit,
             model::FactSet& facts) {
  facts.put(name, hit.count, hit.refs, "patterns");
  for (size_t i = 1; i < hit.captures.size(); ++i)
    facts.put(name + "." + std::to_string(i), hit.captures[i], hit.refs, "patterns");
  if (hit.first && hit.last)
    facts.put(name + ".seconds", *hit.last - *hit.first, hit.refs, "patterns");
  if (!hit.pids.empty())
    facts.put(name + ".writers", static_cast<int64_t>(hit.pids.size()), hit.refs, "patterns");
  if (!hit.values.empty() && !hit.more_values)
    facts.put(name + ".values", std::vector<std::string>(hit.values.begin(), hit.values.end()),
              hit.refs, "patterns");
  if (!hit.beside.empty())
    facts.put(name + ".beside", std::vector<std::string>(hit.beside.begin(), hit.beside.end()),
              hit.refs, "patterns");
  std::set<std::string> roles;
  for (const int64_t pid : hit.pids)
    if (const std::string_view role = role_of(digest, pid); !role.empty())
      roles.insert(std::string(role));
  if (!roles.empty())
    facts.put(name + ".roles", std::vector<std::string>(roles.begin(), roles.end()), hit.refs,
              "patterns");
}

const model::SourceRef* looked_at(const Digest& digest, const model::LinePattern& pattern) {
  if (pattern.in.empty()) return digest.seen.empty() ? nullptr : &digest.seen.begin()->second;
  for (const model::Kind kind : pattern.in)
    if (const auto it = digest.seen.find(kind); it != digest.seen.end()) return &it->second;
  return nullptr;
}

}  // namespace

void put_pattern_facts(const Digest& digest, const std::vector<model::LinePattern>& patterns,
                       model::FactSet& facts) {
  for (size_t i = 0; i < patterns.size(); ++i) {
    const model::LinePattern& pattern = patterns[i];
    std::string name = "line." + pattern.id;
    std::replace(name.begin(), name.end(), '/', '.');
    if (const auto hit = digest.hits.find(i); hit != digest.hits.end())
      put_hit(digest, name, hit->second, facts);
    else if (const model::SourceRef* looked = looked_at(digest, pattern))
      facts.put(name, int64_t{0}, {*looked}, "patterns");
  }
}

}  // namespace ngxdiag::analyze

#include "libdiag/analyze/zones.h"

#include <algorithm>
#include <unordered_set>

#include "libdiag/parse/nginx_config_zones.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;
using parse::Life;

constexpr model::FactSpec kSpecs[] = {
    {"zones.lock_lines", Unit::kCount, "lines `shared memory zone … was locked by …`"},
    {"zones.locked", Unit::kNone, "names of the zones, most frequent first"},
    {"zones.modules", Unit::kNone, "modules that own them"},
    {"zones.paired", Unit::kCount, "lock lines whose pid is that of a dead child"},
    {"zones.locked_count.*", Unit::kCount, "lock lines per module"},
    {"zones.first", Unit::kNone, "zone of the first lock line"},
    {"zones.killed_holders", Unit::kCount, "lock lines whose holder had been killed by signal 9"},
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  const auto log = digest.seen.find(model::Kind::kErrorLog);
  if (log == digest.seen.end()) return;
  std::unordered_set<int64_t> dead, killed;
  for (const LifeEvent& event : digest.life)
    if (event.life == Life::kExitedOnSignal || event.life == Life::kExitedFatal) {
      dead.insert(event.child);
      if (event.number == 9) killed.insert(event.child);
    }
  std::map<std::string, std::string> declared;  // the configuration's own zone names
  for (const ConfigPiece& piece : digest.configs)
    for (const parse::SharedZone& zone : parse::shared_zones(piece.config))
      declared[zone.name] = zone.component;

  struct Count {
    int64_t lines = 0;
    std::vector<model::SourceRef> refs;
  };
  std::map<std::string, Count> zones, modules;
  std::vector<model::SourceRef> refs;
  int64_t lines = 0, paired = 0, killed_holders = 0;
  std::string first;
  for (const LifeEvent& event : digest.life) {
    if (event.life != Life::kZoneLocked) continue;
    ++lines;
    if (first.empty()) first = event.subject;
    if (dead.count(event.child)) ++paired;
    if (killed.count(event.child)) ++killed_holders;
    refs.push_back(event.ref);
    std::string slug = in.tables.owner("zone", event.subject);
    if (slug.empty()) {
      const auto it = declared.find(event.subject);
      if (it != declared.end()) slug = it->second;
    }
    const auto add = [&](Count& count) {
      ++count.lines;
      if (count.refs.size() < model::FactSet::kMaxRefs) count.refs.push_back(event.ref);
    };
    add(zones[event.subject]);
    if (!slug.empty()) add(modules[slug]);
  }
  facts.put("zones.lock_lines", lines, refs.empty() ? std::vector{log->second} : refs);
  const auto names = [](const std::map<std::string, Count>& counts) {
    std::vector<std::pair<int64_t, std::string>> order;
    for (const auto& [name, count] : counts) order.emplace_back(-count.lines, name);
    std::sort(order.begin(), order.end());
    std::vector<std::string> out;
    for (const auto& entry : order) out.push_back(entry.second);
    return out;
  };
  facts.put("zones.locked", names(zones), refs.empty() ? std::vector{log->second} : refs);
  if (lines == 0) return;
  facts.put("zones.paired", paired, refs);
  facts.put("zones.killed_holders", killed_holders, refs);
  facts.put("zones.first", first, refs);
  if (!modules.empty()) facts.put("zones.modules", names(modules), refs);
  for (const auto& [slug, count] : modules)
    facts.put("zones.locked_count." + slug, count.lines, count.refs);
}

}  // namespace

const Analyzer kZones = {
    "zones", "Which shared memory zones did dead processes leave locked, and who owns them?",
    kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

#include "libdiag/analyze/nchan_forecast.h"

#include <algorithm>

namespace ngxdiag::analyze {
namespace {

using model::Process;
using model::Role;
using model::Unit;
using parse::Life;

// nchan keeps NGX_MAX_PROCESSES = 1024 process slots in the zone "memstore"
// (store/memory/memstore.c). Each reload takes W of them; once one old worker never finishes, or
// dies while leaving, none comes back. A new worker looks for its slot in `for (i = offset; i <
// 1024 - offset; i++)`: the bound shrinks from both ends, so the first reload without a findable
// slot for some worker after the leak begins is k = ceil((1025 - W) / (2 W)).
constexpr int64_t kSlots = 1024;

constexpr model::FactSpec kSpecs[] = {
    {"nchan.workers", Unit::kCount, "workers of one generation: slots that each reload takes"},
    {"nchan.fatal_reload", Unit::kCount,
     "the reload after the leak began at which new workers begin to die"},
    {"nchan.stragglers", Unit::kCount, "old workers that keep the slots from coming back"},
    {"nchan.leaking", Unit::kNone,
     "an old worker lingers or died while leaving: no slot comes back any more"},
    {"nchan.reloads_since_leak", Unit::kCount, "reloads since then"},
    {"nchan.reloads_left", Unit::kCount, "reloads left until new workers die (0: now)"},
    {"nchan.reloads_lower_bound", Unit::kNone,
     "the log does not show every reload: there may be fewer left"},
};

struct Leak {
  bool found = false;
  std::optional<base::CivilTime>
      since;  // start of the oldest straggler, or death of a leaving worker
  int64_t stragglers = 0;
  std::vector<model::SourceRef> refs;
};

Leak find_leak(const Digest& digest) {
  Leak leak;
  std::optional<base::CivilTime> master_start;
  for (const Process& process : digest.processes)
    if (process.role == Role::kMaster && process.started)
      master_start = std::max(master_start.value_or(*process.started), *process.started);
  for (const Process& process : digest.processes) {
    if (process.role != Role::kShuttingDown || process.state == 'Z') continue;
    leak.found = true;
    ++leak.stragglers;
    leak.refs.push_back(process.ref);
    if (process.started)
      leak.since = std::min(leak.since.value_or(*process.started), *process.started);
  }
  for (const LifeEvent& event : digest.life) {
    if (event.life != Life::kExitedOnSignal || !event.time) continue;
    if (master_start && *event.time < *master_start) continue;  // a restart gave all slots back
    const auto role = digest.pids.find(event.child);
    if (role == digest.pids.end() || !role->second.graceful) continue;
    leak.found = true;
    leak.refs.push_back(event.ref);
    leak.since = std::min(leak.since.value_or(*event.time), *event.time);
  }
  return leak;
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  const model::Fact* nchan = in.known.find("modules.nchan.present");
  if (!nchan) return;
  // A module that is known to be out of memory needs no forecast, whatever the files say.
  if (const model::Fact* loaded = in.known.find("modules.loaded")) {
    const auto& names = std::get<std::vector<std::string>>(loaded->value);
    if (std::find(names.begin(), names.end(), "nchan") == names.end()) return;
  }
  auto workers = in.known.number("config.worker_processes");
  const model::Fact* evidence = in.known.find("config.worker_processes");
  if (!workers || *workers < 1) {
    workers = in.known.number("processes.workers");
    evidence = in.known.find("processes.workers");
  }
  if (!workers || *workers < 1) return;
  const auto w = static_cast<int64_t>(*workers);
  const int64_t fatal = std::max<int64_t>((kSlots + 1 - w + 2 * w - 1) / (2 * w), 1);
  facts.put("nchan.workers", w, evidence->evidence);
  facts.put("nchan.fatal_reload", fatal, evidence->evidence);
  if (!digest.process_table) return;
  const Leak leak = find_leak(digest);
  const std::vector<model::SourceRef> refs =
      leak.refs.empty() ? std::vector{digest.process_ref} : leak.refs;
  facts.put("nchan.leaking", leak.found, refs);
  facts.put("nchan.stragglers", leak.stragglers, refs);
  if (!leak.found) {
    facts.put("nchan.reloads_left", fatal, refs);
    return;
  }
  if (!leak.since) return;

  int64_t plain = 0, by_signal = 0, by_command = 0, by_unit = 0;
  std::vector<model::SourceRef> reload_refs;
  const auto later = [&](const std::optional<base::CivilTime>& time) {
    return time && *time > *leak.since;
  };
  for (const LifeEvent& event : digest.life) {
    if (!later(event.time)) continue;
    if (event.life == Life::kReconfiguring) {
      ++(event.number == 1 ? by_signal : plain);
      reload_refs.push_back(event.ref);
    }
    if (event.life == Life::kSignalProcess) ++by_command;
  }
  for (const UnitRecord& unit : digest.units)
    if (unit.event == parse::UnitEvent::kReloaded && later(unit.time)) ++by_unit;
  // Generations that are still alive were each made by a reload (the first of them by the start).
  std::vector<base::CivilTime> starts;
  for (const Process& process : digest.processes)
    if ((process.role == Role::kWorker || process.role == Role::kShuttingDown) && process.started)
      starts.push_back(*process.started);
  std::sort(starts.begin(), starts.end());
  int64_t generations = 0;
  for (size_t i = 1; i < starts.size(); ++i)
    if (starts[i] > starts[i - 1] + 1) ++generations;
  const int64_t logged = std::max(plain, by_signal);
  const int64_t reloads = std::max({logged, by_command, by_unit, generations});
  if (reload_refs.empty()) reload_refs = refs;
  facts.put("nchan.reloads_since_leak", reloads, reload_refs);
  facts.put("nchan.reloads_left", std::max<int64_t>(fatal - reloads, 0), reload_refs);
  facts.put("nchan.reloads_lower_bound", logged == 0, refs);
}

}  // namespace

const Analyzer kNchanForecast = {
    "nchan_forecast",
    "With nchan loaded: how many reloads are left until no new worker finds its slot?", kSpecs,
    std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

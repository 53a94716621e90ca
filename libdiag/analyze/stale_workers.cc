#include "libdiag/analyze/stale_workers.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "libdiag/base/version.h"

namespace ngxdiag::analyze {
namespace {

using model::Process;
using model::Role;
using model::Unit;
using parse::Life;

constexpr model::FactSpec kSpecs[] = {
    {"stale.workers", Unit::kCount, "workers in `is shutting down`"},
    {"stale.oldest_age", Unit::kSeconds, "age of the oldest of them (since its start)"},
    {"stale.oldest_leaving", Unit::kSeconds,
     "how long the longest-leaving of them has been leaving, by the log"},
    {"stale.generations", Unit::kCount, "generations among them, by start time or Angie's number"},
    {"stale.rss", Unit::kBytes, "memory they hold"},
    {"stale.rss_max", Unit::kBytes, "memory of the largest"},
    {"stale.fds", Unit::kCount, "descriptors they hold"},
    {"stale.sockets", Unit::kCount, "connections they hold"},
    {"stale.busy", Unit::kCount, "those that burn CPU (state R)"},
    {"stale.exceeds_timeout", Unit::kCount,
     "those older than worker_shutdown_timeout allows, counted from their generation's end"},
    {"stale.timeout_supported", Unit::kNone,
     "this version knows worker_shutdown_timeout (1.11.11, CHANGES)"},
    {"stale.pids", Unit::kNone, "their pids"},
    {"stale.open_sockets_left", Unit::kCount,
     "alerts `open socket #N left in connection M` at exit"},
    {"stale.aborting", Unit::kCount, "alerts `aborting` that follow them"},
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  int64_t left = 0, aborting = 0;
  std::vector<model::SourceRef> left_refs;
  std::unordered_map<int64_t, base::CivilTime> leaving_since;
  for (const LifeEvent& event : digest.life) {
    if (event.life == Life::kOpenSocketLeft) {
      ++left;
      left_refs.push_back(event.ref);
    }
    if (event.life == Life::kAborting) ++aborting;
    if (event.life == Life::kGraceful && event.time) leaving_since[event.writer] = *event.time;
  }
  if (left > 0) {
    facts.put("stale.open_sockets_left", left, left_refs);
    facts.put("stale.aborting", aborting, left_refs);
  }
  if (!digest.process_table) return;

  int64_t workers = 0, rss = 0, rss_max = 0, fds = 0, sockets = 0, busy = 0, exceeds = 0;
  bool fds_known = false, sockets_known = false;
  std::optional<int64_t> oldest, leaving;
  std::set<int64_t> generations;
  std::vector<std::string> pids;
  std::vector<model::SourceRef> refs;
  // A generation starts together; the next one starts when it is told to leave.
  std::vector<base::CivilTime> starts;
  for (const Process& process : digest.processes)
    if ((process.role == Role::kWorker || process.role == Role::kShuttingDown) && process.started)
      starts.push_back(*process.started);
  std::sort(starts.begin(), starts.end());
  const auto timeout = in.known.number("config.worker_shutdown_timeout");
  for (const Process& process : digest.processes) {
    if (process.role != Role::kShuttingDown || process.state == 'Z') continue;
    ++workers;
    refs.push_back(process.ref);
    pids.push_back(std::to_string(process.pid));
    rss += process.rss.value_or(0);
    rss_max = std::max(rss_max, process.rss.value_or(0));
    if (process.fds) {
      fds += *process.fds;
      fds_known = true;
    }
    if (process.sockets) {
      sockets += *process.sockets;
      sockets_known = true;
    }
    if (process.state == 'R') ++busy;
    if (process.age) oldest = std::max(oldest.value_or(0), *process.age);
    if (process.generation)
      generations.insert(*process.generation);
    else if (process.started)
      generations.insert(*process.started);
    std::optional<base::CivilTime> told;
    if (const auto it = leaving_since.find(process.pid); it != leaving_since.end())
      told = it->second;
    else if (process.started) {
      const auto next = std::upper_bound(starts.begin(), starts.end(), *process.started + 1);
      if (next != starts.end()) told = *next;
    }
    if (!told) continue;
    const int64_t since = in.evidence.now - *told;
    leaving = std::max(leaving.value_or(0), since);
    if (timeout && static_cast<double>(since) > *timeout) ++exceeds;
  }
  if (refs.empty()) refs.push_back(digest.process_ref);
  facts.put("stale.workers", workers, refs);
  if (const model::Fact* base = in.known.find("nginx.base_version"))
    facts.put("stale.timeout_supported",
              base::compare_versions(model::to_text(base->value), "1.11.11") >= 0, base->evidence);
  if (workers == 0) return;
  facts.put("stale.pids", pids, refs);
  if (oldest) facts.put("stale.oldest_age", *oldest, refs);
  if (leaving) facts.put("stale.oldest_leaving", *leaving, refs);
  if (timeout) facts.put("stale.exceeds_timeout", exceeds, refs);
  if (!generations.empty())
    facts.put("stale.generations", static_cast<int64_t>(generations.size()), refs);
  if (rss > 0) facts.put("stale.rss", rss, refs);
  if (rss > 0) facts.put("stale.rss_max", rss_max, refs);
  if (fds_known) facts.put("stale.fds", fds, refs);
  if (sockets_known) facts.put("stale.sockets", sockets, refs);
  facts.put("stale.busy", busy, refs);
}

}  // namespace

const Analyzer kStaleWorkers = {"stale_workers",
                                "Which old workers linger, for how long, and what do they hold?",
                                kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

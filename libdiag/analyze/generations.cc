#include "libdiag/analyze/generations.h"

#include <algorithm>

#include "libdiag/analyze/reloads.h"

namespace ngxdiag::analyze {
namespace {

using model::Process;
using model::Role;
using model::Unit;
using parse::Life;

constexpr model::FactSpec kSpecs[] = {
    {"generations.count", Unit::kCount,
     "generations of workers: starts and reloads in the log, else groups of start times"},
    {"generations.began", Unit::kNone, "when each began, the present one first, at most 24"},
    {"generations.serving", Unit::kNone, "workers of each that serve"},
    {"generations.leaving", Unit::kNone, "workers of each that are still shutting down"},
    {"generations.crashed", Unit::kNone, "children that died on a signal while it was the newest"},
};

// What is older than these is counted with the oldest of them.
constexpr size_t kMost = 24;
// A master forks all workers of a generation at once; the process table knows starts to the second.
constexpr base::CivilTime kTogether = 1;

struct Generation {
  base::CivilTime began = 0;
  int64_t serving = 0, leaving = 0, crashed = 0;
};

bool is_worker(const Process& process) {
  return process.role == Role::kWorker || process.role == Role::kShuttingDown;
}

// Times from which on workers belong to another generation, the oldest first.
std::vector<base::CivilTime> beginnings(const Digest& digest) {
  std::vector<base::CivilTime> logged = reload_times(digest);
  for (const LifeEvent& event : digest.life)
    if (event.life == Life::kStarted && event.time) logged.push_back(*event.time);
  std::sort(logged.begin(), logged.end());
  // The log knows of the reloads since it begins; before that, and without it, workers that
  // started together are one generation. One that replaces a crashed worker serves, and serving
  // ones are all of the present generation: only the first of them counts.
  std::vector<base::CivilTime> born, serving;
  for (const Process& process : digest.processes) {
    if (!is_worker(process) || !process.started || process.state == 'Z') continue;
    (process.role == Role::kWorker ? serving : born).push_back(*process.started);
  }
  if (!serving.empty()) born.push_back(*std::min_element(serving.begin(), serving.end()));
  std::sort(born.begin(), born.end());
  std::vector<base::CivilTime> out;
  for (const base::CivilTime time : born)
    if ((logged.empty() || time < logged.front() - kTogether) &&
        (out.empty() || time > out.back() + kTogether))
      out.push_back(time);
  for (const base::CivilTime time : logged)
    if (out.empty() || time > out.back()) out.push_back(time);
  return out;
}

// The generation that was the newest at `time`.
Generation& at(std::vector<Generation>& all, base::CivilTime time) {
  const auto next = std::upper_bound(
      all.begin(), all.end(), time,
      [](base::CivilTime value, const Generation& one) { return value < one.began; });
  return next == all.begin() ? all.front() : *(next - 1);
}

std::vector<std::string> column(const std::vector<Generation>& all, int64_t Generation::*number) {
  std::vector<std::string> out;
  for (auto it = all.rbegin(); it != all.rend(); ++it) out.push_back(std::to_string((*it).*number));
  return out;
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  std::vector<Generation> all;
  for (const base::CivilTime time : beginnings(digest)) all.push_back({time});
  if (all.empty()) return;
  const auto count = static_cast<int64_t>(all.size());
  if (all.size() > kMost) all.erase(all.begin(), all.end() - kMost);
  std::vector<model::SourceRef> refs;
  for (const Process& process : digest.processes) {
    if (!is_worker(process) || !process.started || process.state == 'Z') continue;
    refs.push_back(process.ref);
    if (process.role == Role::kWorker)
      ++all.back().serving;
    else
      // Forked in the second of the reload or after it.
      ++at(all, *process.started + kTogether).leaving;
  }
  bool deaths = false;
  for (const LifeEvent& event : digest.life)
    if (event.life == Life::kExitedOnSignal && event.time) {
      deaths = true;
      ++at(all, *event.time).crashed;
      refs.push_back(event.ref);
    }
  if (const model::Fact* reloads = in.known.find("reloads.total"))
    refs.insert(refs.end(), reloads->evidence.begin(), reloads->evidence.end());
  if (refs.empty()) return;
  facts.put("generations.count", count, refs);
  std::vector<std::string> began;
  for (auto it = all.rbegin(); it != all.rend(); ++it)
    began.push_back(base::format_civil(it->began));
  facts.put("generations.began", std::move(began), refs);
  if (digest.process_table) {
    facts.put("generations.serving", column(all, &Generation::serving), refs);
    facts.put("generations.leaving", column(all, &Generation::leaving), refs);
  }
  if (deaths || digest.seen.count(model::Kind::kErrorLog))
    facts.put("generations.crashed", column(all, &Generation::crashed), refs);
}

}  // namespace

const Analyzer kGenerations = {"generations",
                               "Whose workers came when, and what has become of them?", kSpecs,
                               std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

#include "libdiag/analyze/processes.h"

#include <algorithm>
#include <unordered_set>

#include "libdiag/base/text.h"

namespace ngxdiag::analyze {
namespace {

using model::Process;
using model::Role;
using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"processes.seen", Unit::kNone, "a process table was looked at"},
    {"processes.total", Unit::kCount, "nginx processes, zombies included"},
    {"processes.counted", Unit::kCount, "what `pgrep nginx | wc -l` printed"},
    {"processes.masters", Unit::kCount, "master processes"},
    {"processes.workers", Unit::kCount, "workers that serve"},
    {"processes.shutting_down", Unit::kCount, "workers in `is shutting down`"},
    {"processes.untitled", Unit::kCount,
     "children that still show the master's title: module initialisation not done"},
    {"processes.cache_helpers", Unit::kCount, "cache manager and loader"},
    {"processes.zombies", Unit::kCount, "dead children that nobody has reaped"},
    {"processes.orphans", Unit::kCount, "workers whose parent is no nginx master"},
    {"processes.orphan_pids", Unit::kNone, "their pids"},
    {"processes.blocked", Unit::kCount, "children in uninterruptible sleep"},
    {"processes.expected", Unit::kCount,
     "processes that one generation would have: master, workers, helpers"},
    {"processes.missing_workers", Unit::kCount,
     "worker_processes minus workers that serve (not below 0)"},
    {"processes.times_expected", Unit::kNone, "total over expected"},
    {"processes.untitled_waiting", Unit::kCount,
     "untitled children that wait on a semaphore or futex"},
    {"processes.rss", Unit::kBytes,
     "resident memory of all together (shared pages counted each time)"},
    {"processes.worker_rss_max", Unit::kBytes, "largest worker"},
    {"processes.worker_rss_median", Unit::kBytes, "middle worker"},
    {"processes.master.pid", Unit::kNone, "pid of the master"},
    {"processes.master.state", Unit::kNone, "state letter of the master"},
    {"processes.master.wchan", Unit::kNone, "kernel function the master waits in"},
    {"processes.master.blocked", Unit::kNone,
     "the master waits on a semaphore instead of for signals"},
    {"processes.stopped", Unit::kNone,
     "nginx is installed on this host, and no process of it runs"},
    {"processes.master.age", Unit::kSeconds, "age of the master"},
    {"processes.worker.age_max", Unit::kSeconds, "age of the oldest worker that serves"},
    {"processes.worker.age_min", Unit::kSeconds, "age of the youngest worker that serves"},
};

// A healthy master sleeps in sigsuspend; on a zone's semaphore (POSIX sem_wait) it sleeps in a
// futex.
bool waits_on_semaphore(const Process& process) { return base::contains(process.wchan, "futex"); }

constexpr size_t kMaxPids = 512;

bool is_child(Role role) { return role != Role::kMaster && role != Role::kOther; }

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  if (digest.counted) facts.put("processes.counted", *digest.counted, digest.counted_ref);
  if (!digest.process_table) {
    if (digest.counted) facts.put("processes.total", *digest.counted, digest.counted_ref);
    return;
  }
  std::vector<model::SourceRef> whole{digest.process_ref};
  if (digest.stopped) facts.put("processes.stopped", true, whole);
  int64_t masters = 0, workers = 0, shutting = 0, untitled = 0, helpers = 0, zombies = 0,
          orphans = 0, blocked = 0;
  int64_t waiting = 0, rss = 0, total = 0;
  std::vector<int64_t> worker_rss;
  std::optional<int64_t> oldest, youngest;
  std::unordered_set<int64_t> master_pids, seen;
  std::vector<std::string> orphan_pids;
  std::vector<model::SourceRef> shutting_refs, untitled_refs, zombie_refs, orphan_refs, master_refs,
      worker_refs;
  const Process* master = nullptr;
  for (const Process& process : digest.processes)
    if (process.role == Role::kMaster) master_pids.insert(process.pid);
  for (const Process& process : digest.processes) {
    if (!seen.insert(process.pid).second) continue;
    ++total;
    rss += process.rss.value_or(0);
    if (process.state == 'Z') {
      ++zombies;
      zombie_refs.push_back(process.ref);
      continue;
    }
    if (process.state == 'D') ++blocked;
    switch (process.role) {
      case Role::kMaster:
        ++masters;
        master_refs.push_back(process.ref);
        if (!master || process.pid == in.instance.master_pid) master = &process;
        break;
      case Role::kWorker:
        ++workers;
        worker_refs.push_back(process.ref);
        if (process.rss) worker_rss.push_back(*process.rss);
        if (process.age) {
          oldest = std::max(oldest.value_or(*process.age), *process.age);
          youngest = std::min(youngest.value_or(*process.age), *process.age);
        }
        break;
      case Role::kShuttingDown:
        ++shutting;
        shutting_refs.push_back(process.ref);
        break;
      case Role::kUntitled:
        ++untitled;
        untitled_refs.push_back(process.ref);
        if (waits_on_semaphore(process)) ++waiting;
        break;
      case Role::kCacheManager:
      case Role::kCacheLoader: ++helpers; break;
      default: break;
    }
    if (is_child(process.role) && process.ppid > 0 && !master_pids.count(process.ppid)) {
      ++orphans;
      if (orphan_pids.size() < kMaxPids) orphan_pids.push_back(std::to_string(process.pid));
      orphan_refs.push_back(process.ref);
    }
  }
  const auto put = [&](std::string_view name, int64_t value,
                       const std::vector<model::SourceRef>& refs) {
    facts.put(name, value, refs.empty() ? whole : refs);
  };
  facts.put("processes.seen", true, digest.process_ref);
  put("processes.total", std::max(total, digest.counted.value_or(0)), whole);
  put("processes.masters", masters, master_refs);
  put("processes.workers", workers, worker_refs);
  put("processes.shutting_down", shutting, shutting_refs);
  put("processes.untitled", untitled, untitled_refs);
  put("processes.cache_helpers", helpers, whole);
  put("processes.zombies", zombies, zombie_refs);
  put("processes.orphans", orphans, orphan_refs);
  if (!orphan_pids.empty()) facts.put("processes.orphan_pids", orphan_pids, orphan_refs);
  put("processes.blocked", blocked, whole);
  put("processes.untitled_waiting", waiting, untitled_refs);
  if (rss > 0) put("processes.rss", rss, whole);
  if (!worker_rss.empty()) {
    std::sort(worker_rss.begin(), worker_rss.end());
    put("processes.worker_rss_max", worker_rss.back(), worker_refs);
    put("processes.worker_rss_median", worker_rss[worker_rss.size() / 2], worker_refs);
  }
  if (oldest) put("processes.worker.age_max", *oldest, worker_refs);
  if (youngest) put("processes.worker.age_min", *youngest, worker_refs);
  if (const auto wanted = in.known.number("config.worker_processes")) {
    const auto expected = static_cast<int64_t>(*wanted) * std::max<int64_t>(masters, 1);
    put("processes.missing_workers", std::max<int64_t>(expected - workers, 0), worker_refs);
    const int64_t family = expected + std::max<int64_t>(masters, 1) + helpers;
    put("processes.expected", family, whole);
    facts.put("processes.times_expected",
              static_cast<double>(std::max(total, digest.counted.value_or(0))) /
                  static_cast<double>(family),
              whole);
  }
  if (!master) return;
  put("processes.master.pid", master->pid, {master->ref});
  facts.put("processes.master.state", std::string(1, master->state), master->ref);
  if (master->age) put("processes.master.age", *master->age, {master->ref});
  if (master->wchan.empty()) return;
  facts.put("processes.master.wchan", master->wchan, master->ref);
  facts.put("processes.master.blocked", waits_on_semaphore(*master), master->ref);
}

}  // namespace

const Analyzer kProcesses = {"processes",
                             "How many nginx processes are there, in which roles and states?",
                             kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

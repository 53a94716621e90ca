#include "libdiag/source/host_processes.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "libdiag/base/text.h"
#include "libdiag/source/cgroup.h"
#include "libdiag/source/proc_table.h"
#include "libdiag/source/process_roles.h"
#include "libdiag/source/watchdog.h"

#if NGXDIAG_LIBPROC2
#include <libproc2/pids.h>
#endif

namespace ngxdiag::source {
namespace {

using namespace std::chrono_literals;

std::vector<model::Process> taken(std::vector<TableRow> rows) {
  std::vector<model::Process> out;
  out.reserve(rows.size());
  for (TableRow& row : rows) out.push_back(std::move(row.process));
  return out;
}

#if NGXDIAG_LIBPROC2

// procps_pids_select() takes no more identifiers at once (FILL_ID_MAX in the library's source).
constexpr size_t kAtOnce = 250;
constexpr auto kTableLimit = 600ms;
constexpr auto kStuckLimit = 60ms;
constexpr int kMaxUnanswered = 3;

struct Close {
  void operator()(pids_info* info) const { procps_pids_unref(&info); }
};
using Table = std::unique_ptr<pids_info, Close>;

Table open_table(std::vector<pids_item> items) {
  pids_info* info = nullptr;
  const int result = procps_pids_new(&info, items.data(), static_cast<int>(items.size()));
  return Table(result < 0 ? nullptr : info);
}

std::string text_of(const char* text) { return text ? text : ""; }

struct Candidate {
  unsigned pid;
  char state;
};

using Titles = std::map<int64_t, std::string>;

// Command lines are read apart, on a thread that may be left behind: a process stuck in the kernel
// can hold the lock that its command line is read under. (libproc2 itself stays on the caller's
// thread: it allocates buffers for every thread that calls it and never frees them.)
std::optional<Titles> titles_of(std::vector<unsigned> pids, std::chrono::milliseconds limit) {
  return within<Titles>(limit, [pids = std::move(pids)] {
    Titles out;
    for (const unsigned pid : pids)
      out[pid] = shown_command_line(proc_text("/proc/" + std::to_string(pid) + "/cmdline"));
    return out;
  });
}

// The first look reads /proc/PID/stat alone, which never blocks.
std::vector<Candidate> candidates(bool& readable) {
  std::vector<Candidate> out;
  enum { kPid, kParent, kComm, kState };
  const Table table = open_table({PIDS_ID_PID, PIDS_ID_PPID, PIDS_CMD, PIDS_STATE});
  const pids_fetch* fetch = table ? procps_pids_reap(table.get(), PIDS_FETCH_TASKS_ONLY) : nullptr;
  readable = fetch != nullptr;
  for (int i = 0; fetch && i < fetch->counts->total; ++i) {
    pids_stack* stack = fetch->stacks[i];
    const int pid = PIDS_VAL(kPid, s_int, stack, table.get());
    const int parent = PIDS_VAL(kParent, s_int, stack, table.get());
    const char state = static_cast<char>(PIDS_VAL(kState, s_ch, stack, table.get()));
    const std::string comm = text_of(PIDS_VAL(kComm, str, stack, table.get()));
    bool family = is_family_name(comm);
    // A renamed executable shows in the title only. Kernel threads (children of 2) and the dead
    // have none, and a process stuck in the kernel may block whoever reads its command line.
    if (!family && state != 'Z' && state != 'D' && pid != 2 && parent != 2)
      family = is_family_title(proc_text("/proc/" + std::to_string(pid) + "/cmdline", 32));
    if (family) out.push_back({static_cast<unsigned>(pid), state});
  }
  return out;
}

std::vector<TableRow> details(std::vector<unsigned> pids, base::CivilTime now,
                              const Titles& titles) {
  enum { kPid, kParent, kComm, kState, kElapsed, kTicks, kRss, kStack, kUid, kGroups };
  std::vector<TableRow> rows;
  const Table table =
      open_table({PIDS_ID_PID, PIDS_ID_PPID, PIDS_CMD, PIDS_STATE, PIDS_TIME_ELAPSED, PIDS_TICS_ALL,
                  PIDS_RSS, PIDS_ADDR_STACK_START, PIDS_ID_EUID, PIDS_CGROUP});
  if (!table) return rows;
  const std::string passwd = proc_text("/etc/passwd");
  const long ticks = std::max(1L, ::sysconf(_SC_CLK_TCK));
  const long page = ::sysconf(_SC_PAGESIZE);
  for (size_t from = 0; from < pids.size(); from += kAtOnce) {
    const auto count = static_cast<int>(std::min(kAtOnce, pids.size() - from));
    const pids_fetch* fetch =
        procps_pids_select(table.get(), pids.data() + from, count, PIDS_SELECT_PID);
    for (int i = 0; fetch && i < fetch->counts->total; ++i) {
      pids_stack* stack = fetch->stacks[i];
      TableRow row;
      model::Process& p = row.process;
      p.pid = PIDS_VAL(kPid, s_int, stack, table.get());
      p.ppid = PIDS_VAL(kParent, s_int, stack, table.get());
      p.comm = text_of(PIDS_VAL(kComm, str, stack, table.get()));
      p.state = static_cast<char>(PIDS_VAL(kState, s_ch, stack, table.get()));
      p.age = static_cast<int64_t>(PIDS_VAL(kElapsed, real, stack, table.get()));
      p.started = now - *p.age;
      p.cpu = static_cast<int64_t>(PIDS_VAL(kTicks, ull_int, stack, table.get())) / ticks;
      p.rss = static_cast<int64_t>(PIDS_VAL(kRss, ul_int, stack, table.get())) * page;
      row.stack_start = PIDS_VAL(kStack, ul_int, stack, table.get());
      p.user = user_name(passwd, PIDS_VAL(kUid, u_int, stack, table.get()));
      p.cgroup = cgroup_path(text_of(PIDS_VAL(kGroups, str, stack, table.get())));
      const auto title = titles.find(p.pid);
      if (p.state == 'Z')
        p.title = "[" + p.comm + "] <defunct>";
      else
        p.title =
            title != titles.end() && !title->second.empty() ? title->second : "[" + p.comm + "]";
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

#endif

}  // namespace

std::vector<model::Process> host_processes(base::CivilTime now, std::vector<model::Gap>& gaps) {
#if NGXDIAG_LIBPROC2
  bool readable = false;
  std::vector<unsigned> pids, stuck;
  for (const Candidate& candidate : candidates(readable))
    (candidate.state == 'D' ? stuck : pids).push_back(candidate.pid);
  if (!readable) {
    gaps.push_back({"process table", "/proc cannot be read"});
    return {};
  }
  Titles titles;
  if (auto all = titles_of(pids, kTableLimit))
    titles = std::move(*all);
  else
    gaps.push_back({"process titles", "a process stuck in the kernel did not answer"});
  int unanswered = 0;
  for (const unsigned pid : stuck) {
    auto one = unanswered < kMaxUnanswered ? titles_of({pid}, kStuckLimit) : std::nullopt;
    if (one) {
      titles.merge(*one);
    } else {
      ++unanswered;
      gaps.push_back({"title of process " + std::to_string(pid),
                      "it is stuck in the kernel (state D) and did not answer"});
    }
  }
  pids.insert(pids.end(), stuck.begin(), stuck.end());
  std::vector<TableRow> rows = details(std::move(pids), now, titles);
  std::sort(rows.begin(), rows.end(),
            [](const TableRow& a, const TableRow& b) { return a.process.pid < b.process.pid; });
  assign_roles(rows);
  for (TableRow& row : rows)
    row.process.ref = {"proc",          "/proc/" + std::to_string(row.process.pid),       0, {},
                       row.process.pid, row.process.title.substr(0, model::kExcerptBytes)};
  return taken(std::move(rows));
#else
  return taken(proc_table("/proc", now, gaps));
#endif
}

}  // namespace ngxdiag::source

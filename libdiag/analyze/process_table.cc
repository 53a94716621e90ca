#include "libdiag/analyze/process_table.h"

#include <unordered_set>

#include "libdiag/base/text.h"

namespace ngxdiag::analyze {

using model::Process;
using model::Role;

Role role_of_title(std::string_view title) {
  const size_t colon = title.find(": ");
  if (colon == std::string_view::npos) return Role::kOther;
  const std::string_view rest = title.substr(colon + 2);
  if (rest.starts_with("master process")) return Role::kMaster;
  if (rest.starts_with("worker process is shutting down")) return Role::kShuttingDown;
  if (rest.starts_with("worker process")) return Role::kWorker;
  if (rest.starts_with("cache manager process")) return Role::kCacheManager;
  if (rest.starts_with("cache loader process")) return Role::kCacheLoader;
  if (rest.starts_with("privileged agent process")) return Role::kPrivileged;
  return Role::kOther;
}

std::vector<Process> processes_from_ps(const std::vector<parse::PsRow>& rows,
                                       const model::SourceRef& ref) {
  std::vector<Process> out;
  for (const parse::PsRow& row : rows) {
    Process process;
    process.pid = row.pid;
    process.ppid = row.ppid;
    process.title = row.args;
    process.comm = "nginx";
    process.role = role_of_title(row.args);
    process.state = row.defunct ? 'Z' : row.state.empty() ? '?' : row.state[0];
    process.started = row.started;
    process.age = row.age_seconds;
    process.rss = row.rss_bytes;
    process.cpu = row.cpu_seconds;
    process.wchan = row.wchan == "-" ? "" : row.wchan;
    process.user = row.user;
    process.ref = ref;
    process.ref.kind = "ps";
    process.ref.line = ref.line + row.line - 1;
    process.ref.pid = row.pid;
    process.ref.excerpt = base::shorten(row.args, model::kExcerptBytes);
    out.push_back(std::move(process));
  }
  mark_untitled(out);
  return out;
}

void mark_untitled(std::vector<Process>& processes) {
  std::unordered_set<int64_t> masters;
  for (const Process& process : processes)
    if (process.role == Role::kMaster) masters.insert(process.pid);
  // The old master of an upgrade is the parent of the new one; a new master has children of its
  // own.
  std::unordered_set<int64_t> parents;
  for (const Process& process : processes) parents.insert(process.ppid);
  for (Process& process : processes)
    if (process.role == Role::kMaster && process.ppid > 0 && masters.count(process.ppid) &&
        process.ppid != process.pid && !parents.count(process.pid))
      process.role = Role::kUntitled;
}

}  // namespace ngxdiag::analyze

#include "libdiag/source/process_groups.h"

#include <string>
#include <utility>

#include "libdiag/source/cgroup.h"

namespace ngxdiag::source {

using model::Process;
using model::Role;

Groups grouped(std::vector<Process> processes) {
  Groups out;
  std::map<int64_t, const Process*> by_pid;
  std::map<std::string, std::vector<int64_t>> masters_of_container;
  for (const Process& p : processes) {
    by_pid[p.pid] = &p;
    if (p.role != Role::kMaster) continue;
    out.by_master[p.pid];
    if (const std::string container = container_of_cgroup(p.cgroup); !container.empty())
      masters_of_container[container].push_back(p.pid);
  }
  std::map<int64_t, int64_t> master_of;
  for (const Process& p : processes) {
    const Process* at = &p;
    for (int steps = 0; at && at->role != Role::kMaster && steps < 64; ++steps) {
      const auto up = by_pid.find(at->ppid);
      at = up == by_pid.end() || up->second == at ? nullptr : up->second;
    }
    if (at && at->role == Role::kMaster) master_of[p.pid] = at->pid;
  }
  for (Process& p : processes) {
    int64_t master = 0;
    if (const auto known = master_of.find(p.pid); known != master_of.end()) master = known->second;
    if (!master) {
      const auto same = masters_of_container.find(container_of_cgroup(p.cgroup));
      if (same != masters_of_container.end() && same->second.size() == 1)
        master = same->second.front();
    }
    if (master)
      out.by_master[master].push_back(std::move(p));
    else if (p.role != Role::kOther)
      out.orphans.push_back(std::move(p));
    // A dead or passing "nginx -t" without a master is no nginx of its own.
  }
  return out;
}

bool is_single_process(const Process& p) {
  return p.role == Role::kOther && p.state != 'Z' && p.age.value_or(0) >= 3;
}

}  // namespace ngxdiag::source

// Which processes belong to which nginx.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "libdiag/model/process.h"

namespace ngxdiag::source {

// Each process below its master: the nearest ancestor that is one. Whoever has none is an orphan,
// unless it shares a container with exactly one master (a dead child whose parent is the
// container's first process).
struct Groups {
  std::map<int64_t, std::vector<model::Process>> by_master;
  std::vector<model::Process> orphans;
};
Groups grouped(std::vector<model::Process> processes);

// "master_process off", or a master before its title is set: it serves and shows its plain command.
bool is_single_process(const model::Process& process);

}  // namespace ngxdiag::source

// The process table through libproc2: the one place for it.
#pragma once

#include <vector>

#include "libdiag/model/gap.h"
#include "libdiag/model/process.h"

namespace ngxdiag::source {

// Every process whose title or executable is nginx's (nginx, openresty, tengine, angie, freenginx),
// zombies included, in pid order, with role, state, start, age, rss, cpu, wchan, user and cgroup as
// far as they can be seen. Descriptors are counted by the caller only where needed. Empty with a
// gap when the table cannot be read.
std::vector<model::Process> host_processes(base::CivilTime now, std::vector<model::Gap>& gaps);

}  // namespace ngxdiag::source

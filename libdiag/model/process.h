// One process of the nginx family, from the live host or from a ps listing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libdiag/base/time.h"
#include "libdiag/model/source_ref.h"

namespace ngxdiag::model {

// Role by title (ngx_setproctitle): a child that still shows the master's title has not finished
// its module initialisation ("not yet titled").
enum class Role {
  kMaster,
  kWorker,
  kShuttingDown,
  kUntitled,
  kCacheManager,
  kCacheLoader,
  kPrivileged,
  kOther
};

struct Process {
  int64_t pid = 0;
  int64_t ppid = 0;
  std::string comm;   // "nginx", "openresty", "angie", "tengine"
  std::string title;  // command line as shown by ps
  Role role = Role::kOther;
  char state = '?';  // R S D Z T …
  std::optional<base::CivilTime> started;
  std::optional<int64_t> age;  // seconds
  std::optional<int64_t> rss;  // bytes
  std::optional<int64_t> cpu;  // seconds
  std::optional<int64_t> fds;
  std::optional<int64_t> sockets;     // established TCP or unix connections held
  std::optional<int64_t> generation;  // Angie prints it; else unknown
  std::string wchan;                  // kernel function it waits in, "" unknown
  std::string user;
  std::string cgroup;
  SourceRef ref;
};

}  // namespace ngxdiag::model

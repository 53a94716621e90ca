// The live host: every nginx master on it (containers included), read-only and bounded in time.
#pragma once

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

struct HostOptions {
  base::CivilTime now = 0;
  std::string host;
  std::string proc = "/proc";  // for tests
  int64_t only_pid = 0;        // one master, 0 = all
  int journal_days = 2;
  bool probe = true;  // handshakes with its own sockets (Instance::tls_probe)
};

// Never throws; what could not be seen is in Evidence::gaps. No process of nginx, but a
// program: one instance that is stopped. No nginx at all: no instances.
Evidence gather_host(const HostOptions& options);

// A captured tree with host paths below it (--root DIR): configuration, logs, /proc if it is there.
Evidence gather_root(const std::string& directory, base::CivilTime now, const std::string& host);

}  // namespace ngxdiag::source

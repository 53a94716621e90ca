// Mounts that may not answer: a network file system whose server is gone blocks whoever touches it.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ngxdiag::source {

// Mount points of network, FUSE and automounted file systems by a /proc/PID/mountinfo:
//   36 35 0:49 / /srv/www rw,relatime - nfs4 10.0.0.7:/www rw,vers=4.2
std::set<std::string> slow_mounts(std::string_view mountinfo);

}  // namespace ngxdiag::source

// Who listens where, and how many local ports are used up, straight from a /proc.
#pragma once

#include <optional>
#include <string>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

// The network namespace of a process as a document in the words of `ss -tlnp`: a row for each
// listening TCP socket, each UDP socket on port 53, and sums of the connections in TIME-WAIT; below
// them the range of local ports, where `own` says that the namespace is this program's. `directory`
// is "/proc/812"; of a captured tree, its "proc" itself. Who owns a socket is found through the
// descriptors of all processes below `proc`, which takes rights. Empty when there is no table.
// Example of a row: LISTEN 0 0 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=812,fd=6))
std::optional<Document> socket_table(const std::string& proc, const std::string& directory,
                                     bool own);

// "0.0.0.0" of /proc/net/tcp's "00000000", "[::1]" of "00000000000000000000000001000000"; "" of
// anything else. Each 32 bits are in the order of a little-endian host.
std::string address_of_hex(std::string_view hex);

}  // namespace ngxdiag::source

// Tables of sockets: who listens where, and how many local ports are used up. One line at a time:
//   LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=812,fd=6))           ss -tlnp
//   tcp6 0 0 :::80 :::* LISTEN 1234/apache2                                     netstat -tlnp
//   apache2 1234 root 4u IPv6 23456 0t0 TCP *:https (LISTEN)                    lsof -i
//   TIME-WAIT 0 0 10.0.0.1:44556 10.0.0.2:8080                                  ss -tan
//   28000 TIME-WAIT 10.0.0.2:8080                                               … | uniq -c
//   TCP: inuse 5 orphan 0 tw 28000 alloc 7 mem 1                                /proc/net/sockstat
//   net.ipv4.ip_local_port_range = 32768 60999                                  sysctl
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

struct SocketOwner {
  std::string program;
  int64_t pid = 0;  // 0: not printed
};

struct SocketLine {
  enum class Is { kListener, kTimeWait, kTimeWaitTotal, kPortRange };
  Is is = Is::kListener;
  bool udp = false;
  std::string
      address;  // "0.0.0.0", "[::]", "127.0.0.53"; "*" stands for any; of kTimeWait the peer
  int port = 0;
  std::vector<SocketOwner> owners;  // empty: not printed (no rights, no -p)
  int64_t count = 0;                // of kTimeWait and kTimeWaitTotal
  int64_t first = 0, last = 0;      // of kPortRange
};
// Empty when the line is none of these: a header, an established connection, a unix socket.
std::optional<SocketLine> parse_socket_line(std::string_view line);

// Both may want the same packets: equal, or one of them any address. IPv6's any address takes IPv4
// as well, unless told otherwise (net.ipv6.bindv6only, ipv6only=on).
bool addresses_overlap(std::string_view a, std::string_view b);

}  // namespace ngxdiag::parse

// A /proc in a temporary directory.
#pragma once

#include <string>

#include "tests/source/tree.h"

namespace fake_proc {

struct Entry {
  int pid, ppid;
  std::string title;
  char state = 'S';
  std::string cgroup = "/system.slice/nginx.service";
  std::string wchan = "ep_poll";
  unsigned long stack = 4711;
};

inline void add(const tree::Temporary& dir, const Entry& e) {
  const std::string at = "proc/" + std::to_string(e.pid);
  std::string stat = std::to_string(e.pid) + " (nginx) " + e.state + " " + std::to_string(e.ppid);
  // Fields 5 to 27 of proc(5): utime and stime, start and rss among them.
  stat +=
      " 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 1000 70000000 440 18446744073709551615 1 "
      "2 " +
      std::to_string(e.stack);
  dir.write(at + "/stat", stat + " 0 0 0 0 0 0 0 0 0 17 0 0 0\n");
  std::string raw = e.title;
  dir.write(at + "/cmdline", raw + std::string(3, '\0'));
  dir.write(at + "/cgroup", "0::" + e.cgroup + "\n");
  dir.write(at + "/wchan", e.wchan);
  dir.write(at + "/status", "Name:\tnginx\nUid:\t0\t0\t0\t0\n");
  dir.write(at + "/fd/0", "");
  dir.write(at + "/fd/1", "");
  dir.write("proc/uptime", "5010.37 900.00\n");
}

}  // namespace fake_proc

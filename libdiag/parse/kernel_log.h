// Kernel lines that tell of dead processes, in dmesg, kern.log and journal form. Examples:
//   nginx[6579]: segfault at 46 ip 0000000000000046 sp 00007fff19ea6640 error 14 in
//   nginx[413000+b1000] traps: nginx[1700] trap invalid opcode ip:7fe308e4275b sp:7ffc1c089160
//   error:0 in x.so[7fe308e34000+99000] Out of memory: Killed process 812 (nginx) total-vm:55280kB,
//   anon-rss:1760kB, file-rss:0kB, shmem-rss:0kB
// From arch/x86/mm/fault.c (show_signal_msg), arch/x86/kernel/traps.c, mm/memory.c
// (print_vma_addr), mm/oom_kill.c, kernel/cgroup/pids.c, net/ipv4/tcp_input.c.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

enum class KernelKind : uint8_t {
  kSegfault,
  kTrap,        // invalid opcode, divide error, general protection
  kOomKilled,   // "Out of memory: Killed process 812 (nginx)", "Killed process …"
  kOomInvoked,  // "nginx invoked oom-killer": process asked for memory, it need not be the one
                // killed
  kCgroupOom,   // "Memory cgroup out of memory: Killed process 812 (nginx)": a container's own
               // limit; without pid: "Task in /docker/… killed as a result of limit of /docker/…"
  kOomTask,        // row of the task table
  kSynFlood,       // "Possible SYN flooding on port 80"
  kSelinuxDenied,  // "avc: denied { name_connect } for pid=812 comm="nginx""
  kPidsLimit,  // "fork rejected by pids controller in /system.slice/nginx.service": object = the
               // cgroup
  kOther,      // "INFO: task nginx:812 blocked for more than 120 seconds", AppArmor denials
};

struct KernelLine {
  KernelKind kind = KernelKind::kOther;
  std::optional<base::CivilTime> time;  // syslog, journal or `dmesg -T`; not from [seconds]
  std::string_view process;             // "nginx"; "" where somebody cut it off
  int64_t pid = 0;
  uint64_t address = 0, ip = 0, sp = 0;
  int error = -1;               // page-fault bits (printed in hexadecimal: "error 14" is 0x14);
                                // -1 not printed
  std::string_view object;      // "ngx_nchan_module.so", "nginx", "libc.so.6"
  uint64_t base = 0, size = 0;  // of the mapping: ip - base is the offset
  std::string_view trap;        // "invalid opcode", "divide error", "general protection"
  int64_t rss_bytes = 0;        // OOM: anon-rss + file-rss, or rss pages * 4096
};

// Empty for a line that tells nothing of these. `near` gives the year of syslog times. One death
// may be told by several lines ("Killed process", "oom-kill:…"): count pids.
std::optional<KernelLine> parse_kernel_line(std::string_view line, base::CivilTime near);

}  // namespace ngxdiag::parse

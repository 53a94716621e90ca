// Kernel lines that tell of dead processes, in dmesg, kern.log and journal form. Example:
//   nginx[6579]: segfault at 46 ip 0000000000000046 sp 00007fff19ea6640 error 14 in nginx[413000+b1000]
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

enum class KernelKind : uint8_t { kSegfault, kTrap /* invalid opcode, divide error, general protection */,
                                  kOomKilled, kOomInvoked, kCgroupOom, kOomTask /* row of the task table */,
                                  kSynFlood, kSelinuxDenied, kPidsLimit, kOther };

struct KernelLine {
  KernelKind kind = KernelKind::kOther;
  std::optional<base::CivilTime> time;  // syslog, journal or `dmesg -T`; not from [seconds]
  std::string_view process;             // "nginx"
  int64_t pid = 0;
  uint64_t address = 0, ip = 0, sp = 0;
  int error = -1;                       // page-fault bits; -1 not printed
  std::string_view object;              // "ngx_nchan_module.so", "nginx", "libc.so.6"
  uint64_t base = 0, size = 0;          // of the mapping: ip - base is the offset
  std::string_view trap;                // "invalid opcode", "divide error", "general protection"
  int64_t rss_bytes = 0;                // OOM: anon-rss + file-rss, or rss pages * 4096
};

// Empty for a line that tells nothing of these. `near` gives the year of syslog times.
std::optional<KernelLine> parse_kernel_line(std::string_view line, base::CivilTime near);

}  // namespace ngxdiag::parse

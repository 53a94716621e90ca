#include "libdiag/parse/kernel_log.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::parse;

namespace {
const base::CivilTime kNear = *base::civil(2026, 5, 1);
}

TEST_CASE("a segfault names process, addresses and object") {
  const auto line = parse_kernel_line(
      "[944987.909723] nginx[700512]: segfault at 28 ip 0000000000442d7c sp 00007fffb0a70ca0 error "
      "4 in nginx[413000+b1000] likely on CPU 0 (core 0, socket 0)",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kSegfault);
  CHECK(line->process == "nginx");
  CHECK(line->pid == 700512);
  CHECK(line->address == 0x28);
  CHECK(line->ip == 0x442d7c);
  CHECK(line->sp == 0x7fffb0a70ca0);
  CHECK(line->error == 4);
  CHECK(line->object == "nginx");
  CHECK(line->base == 0x413000);
  CHECK(line->size == 0xb1000);
  CHECK_FALSE(line->time);
}

TEST_CASE("the frames of syslog, journal, dmesg -T and dmesg -x") {
  auto line = parse_kernel_line(
      "Feb  2 12:10:43 redacted kernel: [991891.066133] nginx[2386946]: segfault at 8 ip "
      "00007f31d846001e sp 00007ffc5832da30 error 4 in "
      "libmodsecurity.so.3.0.8[7f31d8360000+114000]",
      kNear);
  REQUIRE(line);
  CHECK(line->time == base::civil(2026, 2, 2, 12, 10, 43));
  CHECK(line->object == "libmodsecurity.so.3.0.8");
  CHECK(line->ip - line->base == 0x10001e);
  line = parse_kernel_line(
      "[Thu Jun 30 04:27:42 2022] nginx[101475]: segfault at 0 ip 00007ff453910b67 sp "
      "00007ffda0306a40 error 4 in libmodsecurity.so.3.0.7[7ff45376f000+220000]",
      kNear);
  REQUIRE(line);
  CHECK(line->time == base::civil(2022, 6, 30, 4, 27, 42));
  line = parse_kernel_line(
      "kernel: [2765388.969856] nginx[15475]: segfault at 70 ip 00007f159738a7ab sp "
      "00007fff29ef02d0 error 4 in libapr-1.so.0.3.8[7f159736c000+35000]",
      kNear);
  REQUIRE(line);
  CHECK(line->pid == 15475);
  line = parse_kernel_line(
      "kern  :info  : [  120.497566] nginx[5]: segfault at 0 ip 0 sp 0 error 4", kNear);
  REQUIRE(line);
  CHECK(line->pid == 5);
  line = parse_kernel_line(
      "2026-04-21T23:18:20+0200 web1 kernel: nginx[5]: segfault at 0 ip 0 sp 0 error 4", kNear);
  REQUIRE(line);
  CHECK(line->time == base::civil(2026, 4, 21, 23, 18, 20));
}

TEST_CASE("what people cut off or blank out") {
  auto line = parse_kernel_line(
      "segfault at 1 ip 000000000089332b sp 00007ffea41cfd20 error 4 in nginx", kNear);
  REQUIRE(line);
  CHECK(line->process.empty());
  CHECK(line->object == "nginx");
  CHECK(line->base == 0);
  line = parse_kernel_line("nginx[PID]: segfault at 6212XXXXXX ip ... error 6 in libc.so.6[...]",
                           kNear);
  REQUIRE(line);
  CHECK(line->process == "nginx");
  CHECK(line->pid == 0);
  CHECK(line->error == 6);
  CHECK(line->object == "libc.so.6");
  line = parse_kernel_line(
      "Feb 15 18:49:53  kernel: nginx[8194]: segfault at 0 ip 00000000004a5d9b sp 00007ffc36362738 "
      "error 4",
      kNear);
  REQUIRE(line);
  CHECK(line->pid == 8194);
  CHECK(line->object.empty());
  line = parse_kernel_line(
      "kernel: nginx[6579]: segfault at 46 ip 0000000000000046 sp 00007fff19ea6640 error 14 likely "
      "on CPU 1 (core 1, socke",
      kNear);
  REQUIRE(line);
  CHECK(line->error == 0x14);
  CHECK(line->address == line->ip);
}

TEST_CASE("newer and older kernels, other machines") {
  auto line = parse_kernel_line(
      "nginx[5]: segfault at 8 ip 00007f31d846001e sp 00007ffc5832da30 error 4 in "
      "x.so[10001e,7f31d8360000+114000]",
      kNear);
  REQUIRE(line);
  CHECK(line->base == 0x7f31d8360000);
  CHECK(line->size == 0x114000);
  line = parse_kernel_line(
      "nginx[5]: segfault at 0000000000000008 rip 00000000004a5d9b rsp 00007ffc36362738 error 4",
      kNear);
  REQUIRE(line);
  CHECK(line->ip == 0x4a5d9b);
  line = parse_kernel_line(
      "nginx[812]: unhandled level 2 translation fault (11) at 0x00000008, esr 0x92000006, in "
      "ngx_x_module.so[7f1000+99000]",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kSegfault);
  CHECK(line->address == 8);
  CHECK(line->object == "ngx_x_module.so");
}

TEST_CASE("traps") {
  auto line = parse_kernel_line(
      "[  120.497566] traps: nginx[1700] trap invalid opcode ip:7fe308e4275b sp:7ffc1c089160 "
      "error:0 in ngx_http_brotli_filter_module.so[7fe308e34000+99000]",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kTrap);
  CHECK(line->trap == "invalid opcode");
  CHECK(line->process == "nginx");
  CHECK(line->pid == 1700);
  CHECK(line->ip == 0x7fe308e4275b);
  CHECK(line->object == "ngx_http_brotli_filter_module.so");
  line = parse_kernel_line(
      "traps: nginx[12] general protection fault ip:4a5d9b sp:7ffc36362738 error:0 in "
      "nginx[400000+b1000]",
      kNear);
  REQUIRE(line);
  CHECK(line->trap == "general protection");
  line = parse_kernel_line(
      "traps: nginx[12] trap divide error ip:4a5d9b sp:7ffc36362738 error:0 in nginx[400000+b1000]",
      kNear);
  REQUIRE(line);
  CHECK(line->trap == "divide error");
  line =
      parse_kernel_line("nginx[3311] trap divide error rip:4a3c11 rsp:7fff12345678 error:0", kNear);
  REQUIRE(line);
  CHECK(line->trap == "divide error");
  CHECK(line->pid == 3311);
  CHECK(line->ip == 0x4a3c11);
}

TEST_CASE("out of memory") {
  auto line = parse_kernel_line(
      "Out of memory: Killed process 812 (nginx) total-vm:55280kB, anon-rss:1760kB, file-rss:40kB, "
      "shmem-rss:0kB, UID:33",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kOomKilled);
  CHECK(line->pid == 812);
  CHECK(line->process == "nginx");
  CHECK(line->rss_bytes == 1800 * 1024);
  line = parse_kernel_line(
      "Memory cgroup out of memory: Killed process 96931 (nginx) total-vm:1kB, anon-rss:2kB, "
      "file-rss:0kB",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kCgroupOom);
  CHECK(line->pid == 96931);
  line = parse_kernel_line("Out of memory: Kill process 812 (nginx) score 900 or sacrifice child",
                           kNear);
  REQUIRE(line);
  CHECK(line->pid == 812);
  line = parse_kernel_line("Killed process 812, UID 33, (nginx) total-vm:55280kB, anon-rss:1760kB",
                           kNear);
  REQUIRE(line);
  CHECK(line->process == "nginx");
  line = parse_kernel_line(
      "nginx invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0", kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kOomInvoked);
  CHECK(line->process == "nginx");
  line = parse_kernel_line(
      "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/"
      "docker/1,task_memcg=/docker/1,task=nginx,pid=7,uid=33",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kCgroupOom);
  CHECK(line->pid == 7);
  line = parse_kernel_line("Task in /docker/1 killed as a result of limit of /docker/1", kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kCgroupOom);
}

TEST_CASE("rows of the task table, with and without the time") {
  auto line = parse_kernel_line(
      "[3619581.644342] [13918]   109 13918 17990351 16170643   35121      72  1768405             "
      "0 nginx",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kOomTask);
  CHECK(line->pid == 13918);
  CHECK(line->process == "nginx");
  CHECK(line->rss_bytes == int64_t{16170643} * 4096);
  line = parse_kernel_line(
      "[    812]    33   812    13918     4565    73728        0         -1000 nginx", kNear);
  REQUIRE(line);
  CHECK(line->rss_bytes == 4565 * 4096);
}

TEST_CASE("refusals of the kernel") {
  auto line = parse_kernel_line(
      "TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP "
      "counters.",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kSynFlood);
  line = parse_kernel_line(
      "audit: type=1400 audit(1521.1:123): avc:  denied  { name_connect } for  pid=18009 "
      "comm=\"nginx\" dest=8082 scontext=system_u:system_r:httpd_t:s0",
      kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kSelinuxDenied);
  CHECK(line->pid == 18009);
  CHECK(line->process == "nginx");
  line = parse_kernel_line(
      "cgroup: fork rejected by pids controller in /system.slice/nginx.service", kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kPidsLimit);
  CHECK(line->object == "/system.slice/nginx.service");
  line = parse_kernel_line("INFO: task nginx:812 blocked for more than 120 seconds.", kNear);
  REQUIRE(line);
  CHECK(line->kind == KernelKind::kOther);
  CHECK(line->pid == 812);
}

TEST_CASE("other lines are empty, any bytes are harmless") {
  for (const std::string_view text :
       {"", "usb 1-1: new high-speed USB device", "[1.2] eth0: link up",
        "2026/04/21 23:18:20 [alert] 1#1: worker process 9 exited on signal 11", "[12] a",
        "Killed process abc", "nginx[1]: hello"})
    CHECK_FALSE(parse_kernel_line(text, kNear));
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  parse_kernel_line(all + " segfault at " + all + " in " + all, kNear);
  parse_kernel_line("[Thu Jun 99 99:99:99 9999] segfault at ffffffffffffffffffffff", kNear);
}

#include "libdiag/analyze/kernel.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("a fault in a module's object names the module, and its offset") {
  const auto facts =
      Scene()
          .with("kern.log",
                "Apr 21 23:18:20 web1 kernel: [9.1] nginx[91]: segfault at 28 ip 00007f0000001a2c "
                "sp 00007ffd00000000 "
                "error 4 in ngx_http_lua_module.so[7f0000000000+50000]\n")
          .with("error.log",
                "2026/04/21 23:18:20 [alert] 7#7: worker process 91 exited on signal 11\n")
          .facts();
  CHECK(facts.number("kernel.segfaults") == 1);
  CHECK(list(facts, "kernel.modules") == Names{"lua"});
  CHECK(list(facts, "kernel.offsets") == Names{"ngx_http_lua_module.so+0x1a2c"});
  CHECK(facts.number("kernel.confirmed") == 1);
  CHECK(facts.number("kernel.null_plus_offset") == 1);
}

TEST_CASE("another program killed by the OOM killer is not nginx") {
  const auto facts =
      Scene()
          .with("kern.log",
                "Apr 21 23:18:20 web1 kernel: [9.1] Out of memory: Killed process 4001 (mysqld) "
                "total-vm:912344kB, anon-rss:801232kB, file-rss:2048kB, shmem-rss:0kB\n")
          .facts();
  CHECK(facts.number("kernel.oom_kills") == 0);
  CHECK(facts.number("kernel.oom_any") == 1);
}

TEST_CASE("a kernel log without nginx was looked at all the same") {
  const auto facts =
      Scene()
          .with("kern.log",
                "Apr 21 23:18:20 web1 kernel: [9.1] usb 1-1: new high-speed USB device\n",
                ngxdiag::model::Kind::kKernelLog)
          .facts();
  CHECK(facts.number("kernel.seen") == 1);
  CHECK(facts.number("kernel.segfaults") == 0);
}

namespace {

constexpr const char* kFault =
    "Apr 22 08:30:00 web1 kernel: [9.1] nginx[91]: segfault at 8 ip 00007f0000001a2c "
    "sp 00007ffd00000000 error 4 in ngx_nchan_module.so[7f0000000000+50000]\n";

ngxdiag::model::Process master_since(int hour) {
  auto master = process(7, 1, ngxdiag::model::Role::kMaster);
  master.started = ngxdiag::base::civil(2026, 4, 22, hour, 0, 0);
  return master;
}

}  // namespace

TEST_CASE("on a live host a fault from before this nginx began is not its own") {
  CHECK(Scene().with(master_since(8)).with("kern.log", kFault).facts().number("kernel.segfaults") ==
        1);
  CHECK(Scene().with(master_since(9)).with("kern.log", kFault).facts().number("kernel.segfaults") ==
        0);
}

TEST_CASE("on a live host a fault that the master did not report is another nginx's") {
  const std::string quiet =
      "2026/04/22 08:10:00 [error] 8#8: *1 open() \"/x\" failed (2: No such "
      "file or directory), client: 192.0.2.1, server: _\n";
  CHECK(Scene()
            .with(master_since(8))
            .with("kern.log", kFault)
            .with("error.log", quiet)
            .facts()
            .number("kernel.segfaults") == 0);
  const auto facts =
      Scene()
          .with(master_since(8))
          .with("kern.log", kFault)
          .with("error.log", quiet +
                                 "2026/04/22 08:30:00 [alert] 7#7: worker process 91 exited on "
                                 "signal 11\n")
          .facts();
  CHECK(facts.number("kernel.segfaults") == 1);
  CHECK(facts.number("kernel.confirmed") == 1);
}

TEST_CASE("in a container the log's pids are others than the kernel's") {
  Scene scene;
  scene.evidence.instances[0].container = "3f2a";
  const auto facts = scene.with(master_since(8))
                         .with("kern.log", kFault)
                         .with("error.log",
                               "2026/04/22 08:30:00 [alert] 1#1: worker process 31 exited on "
                               "signal 11\n")
                         .facts();
  CHECK(facts.number("kernel.segfaults") == 1);
}

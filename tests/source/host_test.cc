#include "libdiag/source/host.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"
#include "tests/source/fake_proc.h"

using namespace ngxdiag;
using namespace ngxdiag::source;
using model::Role;

namespace {

HostOptions options(const tree::Temporary& dir) {
  HostOptions out;
  out.now = 100000;
  out.host = "web1";
  out.proc = dir / "proc";
  return out;
}

std::string text_of(const Document& document) {
  model::Gap gap;
  const auto stream = document.open(gap);
  return stream ? read_some(*stream, 1u << 20) : "GAP " + gap.why;
}

const Document* find(const Instance& instance, const std::string& path) {
  for (const Document& document : instance.documents)
    if (document.path == path) return &document;
  return nullptr;
}

const char* const kMaster =
    "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;";

}  // namespace

TEST_CASE("each master is an instance with its own processes and files") {
  const tree::Temporary dir;
  const std::string id(64, 'c');
  fake_proc::add(dir, {812, 1, kMaster, 'S', "/system.slice/nginx.service", "sigsuspend"});
  fake_proc::add(dir, {900, 812, "nginx: worker process"});
  fake_proc::add(dir, {901, 812, "nginx: worker process is shutting down"});
  fake_proc::add(dir, {902, 812, kMaster});
  fake_proc::add(dir, {2000, 1999, "nginx: master process nginx -g daemon off;", 'S',
                       "/docker/" + id, "sigsuspend", 99});
  fake_proc::add(dir, {2001, 2000, "nginx: worker process", 'S', "/docker/" + id});
  fake_proc::add(dir, {2002, 1998, "", 'Z', "/docker/" + id});
  dir.write("proc/812/maps",
            "7f4a21af2000-7f4a21b46000 r-xp 00000000 fe:01 131 "
            "/usr/lib/nginx/modules/ngx_nchan_module.so\n");
  dir.write("proc/812/root/etc/nginx/nginx.conf", "user www-data;");
  dir.write("proc/812/exe",
            "\x7f"
            "ELF and so on");
  const Evidence evidence = gather_host(options(dir));
  CHECK(evidence.live);
  CHECK(evidence.host == "web1");
  REQUIRE(evidence.instances.size() == 2);
  const Instance& first = evidence.instances[0];
  CHECK(first.id == "master 812");
  CHECK(first.unit == "nginx.service");
  CHECK(first.argv ==
        std::vector<std::string>{"/usr/sbin/nginx", "-g", "daemon on; master_process on;"});
  REQUIRE(first.processes.size() == 4);
  CHECK(first.processes[3].role == Role::kUntitled);
  CHECK(first.processes[1].fds.value_or(0) > 0);
  CHECK(first.processes[1].wchan == "ep_poll");
  CHECK(first.files->read("/etc/nginx/nginx.conf").bytes == "user www-data;");
  REQUIRE(find(first, "/proc/812/maps"));
  CHECK(text_of(*find(first, "/proc/812/maps")).find("nchan") != std::string::npos);
  CHECK(text_of(*find(first, "/proc/812/exe")).find("ELF") == 1);
  CHECK(find(first, "/proc/900/maps"));
  CHECK(text_of(*find(first, "/proc/900/maps")).find("GAP ") == 0);
  CHECK(find(first, "/proc/812/stack") == nullptr);
  const Instance& second = evidence.instances[1];
  CHECK(second.container == id);
  CHECK(second.id == "container cccccccccccc master 2000");
  CHECK(second.processes.size() ==
        3);  // the dead child that the container's first process never reaped
}

TEST_CASE("a master that waits for a lock shows where") {
  const tree::Temporary dir;
  fake_proc::add(dir, {812, 1, kMaster, 'S', "/", "futex_do_wait"});
  dir.write("proc/812/stack", "[<0>] futex_do_wait+0x38/0x70\n");
  const Evidence evidence = gather_host(options(dir));
  REQUIRE(evidence.instances.size() == 1);
  if (!evidence.privileged) return;
  const Document* stack = find(evidence.instances[0], "/proc/812/stack");
  REQUIRE(stack);
  CHECK(stack->kind == model::Kind::kBacktrace);
  CHECK(text_of(*stack).find("futex_do_wait") != std::string::npos);
}

TEST_CASE("workers whose master is gone are an instance of their own") {
  const tree::Temporary dir;
  fake_proc::add(dir, {900, 1, "nginx: worker process"});
  fake_proc::add(dir, {901, 1, "nginx: worker process is shutting down"});
  const Evidence evidence = gather_host(options(dir));
  REQUIRE(evidence.instances.size() == 1);
  CHECK(evidence.instances[0].id == "orphaned workers");
  CHECK(evidence.instances[0].master_pid == 0);
  CHECK(evidence.instances[0].processes.size() == 2);
  CHECK(find(evidence.instances[0], "/proc/900/maps"));
}

TEST_CASE("an upgrade in progress has two masters") {
  const tree::Temporary dir;
  fake_proc::add(dir, {812, 1, kMaster});
  fake_proc::add(dir, {950, 812, kMaster, 'S', "/", "sigsuspend", 4712});
  fake_proc::add(dir, {951, 950, "nginx: worker process"});
  const Evidence evidence = gather_host(options(dir));
  REQUIRE(evidence.instances.size() == 2);
  CHECK(evidence.instances[0].processes.size() == 1);
  CHECK(evidence.instances[1].processes.size() == 2);
}

TEST_CASE("one nginx without workers is found, a passing command beside a master is not one") {
  const tree::Temporary dir;
  fake_proc::add(dir, {812, 1, "nginx -g daemon off; master_process off;"});
  CHECK(gather_host(options(dir)).instances.size() == 1);
  CHECK(gather_host(options(dir)).instances[0].id == "process 812");
  fake_proc::add(dir, {700, 1, kMaster});
  CHECK(gather_host(options(dir)).instances.size() == 1);
  CHECK(gather_host(options(dir)).instances[0].id == "master 700");
}

TEST_CASE("no nginx gives no instance") {
  const tree::Temporary dir;
  dir.write("proc/uptime", "1 1\n");
  CHECK(gather_host(options(dir)).instances.empty());
}

TEST_CASE("only one master when one is asked for") {
  const tree::Temporary dir;
  fake_proc::add(dir, {812, 1, kMaster});
  fake_proc::add(dir, {813, 1, kMaster});
  HostOptions one = options(dir);
  one.only_pid = 813;
  const Evidence evidence = gather_host(one);
  REQUIRE(evidence.instances.size() == 1);
  CHECK(evidence.instances[0].master_pid == 813);
}

TEST_CASE("the live host can always be gathered") {
  HostOptions live;
  live.now = 1000000;
  const Evidence evidence = gather_host(live);
  CHECK(evidence.live);
  CHECK(evidence.cpus.value_or(0) > 0);
  for (const Instance& instance : evidence.instances) CHECK(instance.files != nullptr);
}

TEST_CASE("a captured tree is one instance with what lies in it") {
  const tree::Temporary dir;
  dir.write("etc/nginx/nginx.conf", "user www-data;");
  dir.write("var/log/nginx/error.log", "2026/04/21 23:18:20 [alert] 812#812: x\n");
  dir.write("var/log/nginx/empty.log", "");
  dir.write("var/log/kern.log", "kernel: x\n");
  dir.write("etc/letsencrypt/renewal/a.conf", "installer = nginx\n");
  dir.write("var/lib/dpkg/status",
            "Package: nginx\nStatus: install ok installed\nVersion: 1.22.1-9\n");
  dir.write("nginx-V.txt", "nginx version: nginx/1.22.1\n");
  dir.write("site.key", "secret");
  fake_proc::add(dir, {812, 1, kMaster});
  const Evidence evidence = gather_root(dir.path(), 5, "web1");
  CHECK_FALSE(evidence.live);
  REQUIRE(evidence.instances.size() == 1);
  const Instance& instance = evidence.instances[0];
  CHECK(instance.files->read("/etc/nginx/nginx.conf").bytes == "user www-data;");
  CHECK(find(instance, "/var/log/nginx/error.log"));
  CHECK(find(instance, "/var/log/kern.log"));
  CHECK(find(instance, "/etc/letsencrypt/renewal/a.conf"));
  CHECK(find(instance, "/nginx-V.txt"));
  CHECK(find(instance, "installed packages"));
  CHECK_FALSE(find(instance, "/site.key"));
  CHECK_FALSE(find(instance, "/var/log/nginx/empty.log"));
  CHECK(instance.processes.size() == 1);
  CHECK(std::any_of(evidence.gaps.begin(), evidence.gaps.end(),
                    [](const model::Gap& gap) { return gap.why == "is empty"; }));
}

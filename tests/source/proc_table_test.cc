#include "libdiag/source/proc_table.h"

#include <unistd.h>

#include <doctest/doctest.h>

#include "tests/source/fake_proc.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

TEST_CASE("a table is read from any /proc") {
  const tree::Temporary dir;
  fake_proc::add(dir, {900, 812, "nginx: worker process"});
  fake_proc::add(dir, {812, 1, "nginx: master process /usr/sbin/nginx"});
  fake_proc::add(dir, {901, 812, "", 'Z'});
  dir.write("proc/self", "");
  std::vector<model::Gap> gaps;
  const auto rows = proc_table(dir / "proc", 100000, gaps);
  REQUIRE(rows.size() == 3);
  CHECK(gaps.empty());
  const model::Process& master = rows[0].process;
  CHECK(master.pid == 812);
  CHECK(master.role == model::Role::kMaster);
  CHECK(master.title == "nginx: master process /usr/sbin/nginx");
  CHECK(master.age == 5000);
  CHECK(master.started == 95000);
  CHECK(master.cpu == 3);
  CHECK(master.rss == 440 * ::sysconf(_SC_PAGESIZE));
  CHECK(master.user == "root");
  CHECK(master.cgroup == "/system.slice/nginx.service");
  CHECK(rows[2].process.title == "[nginx] <defunct>");
  CHECK(rows[2].process.role == model::Role::kOther);
}

TEST_CASE("no /proc is a gap") {
  std::vector<model::Gap> gaps;
  CHECK(proc_table("/nonexistent/proc", 0, gaps).empty());
  CHECK(gaps.size() == 1);
}

TEST_CASE("a name with blanks and parentheses does not shift the fields") {
  std::string tail = " S 812";
  for (int i = 5; i <= 52; ++i) tail += " " + std::to_string(i);
  const auto stat = parse_stat("900 (nginx) S 1) (x" + std::string(")") + tail);
  REQUIRE(stat);
  CHECK(stat->ppid == 812);
  CHECK(stat->comm == "nginx) S 1) (x");
  CHECK(stat->start_ticks == 22);
  CHECK_FALSE(parse_stat(""));
  CHECK_FALSE(parse_stat("900 (nginx) S 1"));
}

TEST_CASE("looks into the own process agree with what it did") {
  const std::string self = "/proc/self";
  const auto before = count_descriptors(self);
  REQUIRE(before);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  CHECK(*count_descriptors(self) == *before + 2);
  ::close(ends[0]);
  ::close(ends[1]);
  CHECK(count_held(self, {}) == 0);
  established_inodes(self);
  CHECK(proc_link("/proc/self/exe").find("source_test") != std::string::npos);
  CHECK_FALSE(count_descriptors("/nonexistent"));
}

TEST_CASE("users are named by the passwd text") {
  CHECK(user_name("root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/x\n", 33) == "www-data");
  CHECK(user_name("", 101) == "101");
}

TEST_CASE("a command line is shown as ps shows it") {
  CHECK(shown_command_line(std::string("nginx\0-g\0daemon off;\0\0", 22)) ==
        "nginx -g daemon off;");
}

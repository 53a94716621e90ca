#include "libdiag/source/process_groups.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::source;
using model::Role;

namespace {

model::Process process(int64_t pid, int64_t ppid, Role role, std::string cgroup = "") {
  model::Process out;
  out.pid = pid;
  out.ppid = ppid;
  out.role = role;
  out.state = role == Role::kOther ? 'Z' : 'S';
  out.cgroup = std::move(cgroup);
  return out;
}

}  // namespace

TEST_CASE("processes belong to the nearest master above them") {
  const Groups groups = grouped({process(10, 1, Role::kMaster), process(11, 10, Role::kWorker),
                                 process(12, 10, Role::kMaster), process(13, 12, Role::kWorker),
                                 process(14, 11, Role::kOther), process(15, 1, Role::kWorker)});
  REQUIRE(groups.by_master.size() == 2);
  CHECK(groups.by_master.at(10).size() == 3);
  CHECK(groups.by_master.at(12).size() == 2);
  REQUIRE(groups.orphans.size() == 1);
  CHECK(groups.orphans[0].pid == 15);
}

TEST_CASE("a dead child of a container without an init belongs to the container's only master") {
  const std::string docker = "/docker/" + std::string(64, 'a');
  const Groups groups =
      grouped({process(10, 9, Role::kMaster, docker), process(11, 8, Role::kOther, docker),
               process(12, 8, Role::kOther, "/docker/" + std::string(64, 'b'))});
  CHECK(groups.by_master.at(10).size() == 2);
  CHECK(groups.orphans.empty());
}

TEST_CASE("parents that go round in circles end") {
  const Groups groups = grouped({process(10, 11, Role::kWorker), process(11, 10, Role::kWorker)});
  CHECK(groups.orphans.size() == 2);
}

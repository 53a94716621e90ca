#include "libdiag/analyze/process_table.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::analyze;
using model::Role;

TEST_CASE("titles tell the role, Angie's too") {
  CHECK(role_of_title("nginx: master process /usr/sbin/nginx") == Role::kMaster);
  CHECK(role_of_title("nginx: worker process") == Role::kWorker);
  CHECK(role_of_title("nginx: worker process is shutting down") == Role::kShuttingDown);
  CHECK(role_of_title("nginx: cache manager process") == Role::kCacheManager);
  CHECK(role_of_title("angie: worker process #3") == Role::kWorker);
  CHECK(role_of_title("nginx: privileged agent process") == Role::kPrivileged);
  CHECK(role_of_title("vi nginx.conf") == Role::kOther);
}

TEST_CASE(
    "a child that still shows the master's title is untitled; the new master of an upgrade is "
    "not") {
  std::vector<model::Process> table(4);
  table[0].pid = 10;
  table[0].ppid = 1;
  table[1].pid = 11;
  table[1].ppid = 10;  // a worker in its module initialisation
  table[2].pid = 12;
  table[2].ppid = 10;  // the new master of an upgrade, with a child of its own
  table[3].pid = 13;
  table[3].ppid = 12;
  for (model::Process& process : table) process.role = Role::kMaster;
  table[3].role = Role::kWorker;
  mark_untitled(table);
  CHECK(table[0].role == Role::kMaster);
  CHECK(table[1].role == Role::kUntitled);
  CHECK(table[2].role == Role::kMaster);
}

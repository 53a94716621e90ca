#include "libdiag/source/process_roles.h"

#include <doctest/doctest.h>

using namespace ngxdiag::source;
using ngxdiag::model::Role;

namespace {

const std::string kMaster =
    "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;";

TableRow row(int64_t pid, int64_t ppid, std::string title, uint64_t stack = 7, char state = 'S') {
  TableRow out;
  out.process.pid = pid;
  out.process.ppid = ppid;
  out.process.comm = "nginx";
  out.process.title = std::move(title);
  out.process.state = state;
  out.stack_start = stack;
  return out;
}

}  // namespace

TEST_CASE("titles tell roles, nginx's and Angie's") {
  CHECK(role_of_title(kMaster) == Role::kMaster);
  CHECK(role_of_title("nginx: worker process") == Role::kWorker);
  CHECK(role_of_title("nginx: worker process is shutting down") == Role::kShuttingDown);
  CHECK(role_of_title("nginx: cache manager process") == Role::kCacheManager);
  CHECK(role_of_title("nginx: cache loader process") == Role::kCacheLoader);
  CHECK(role_of_title("nginx: privileged agent process") == Role::kPrivileged);
  CHECK(role_of_title("angie: worker process is shutting down #3") == Role::kShuttingDown);
  CHECK(role_of_title("nginx -s reload") == Role::kOther);
  CHECK(role_of_title("") == Role::kOther);
}

TEST_CASE("a forked child that still shows its master's title is not a master") {
  std::vector<TableRow> rows = {row(812, 1, kMaster), row(900, 812, kMaster),
                                row(901, 812, "nginx: worker process"),
                                row(902, 812, "[nginx] <defunct>", 0, 'Z')};
  assign_roles(rows);
  CHECK(rows[0].process.role == Role::kMaster);
  CHECK(rows[1].process.role == Role::kUntitled);
  CHECK(rows[2].process.role == Role::kWorker);
  CHECK(rows[3].process.role == Role::kOther);
}

TEST_CASE("the new master of a binary upgrade is one") {
  std::vector<TableRow> rows = {row(812, 1, kMaster, 7), row(900, 812, kMaster, 8)};
  assign_roles(rows);
  CHECK(rows[1].process.role == Role::kMaster);
  rows = {row(812, 1, kMaster, 0), row(900, 812, kMaster, 0),
          row(901, 900, "nginx: worker process", 0)};
  assign_roles(rows);
  CHECK(rows[1].process.role == Role::kMaster);
}

TEST_CASE("Angie's generation is read") {
  std::vector<TableRow> rows = {row(1, 0, "angie: worker process #12"),
                                row(2, 0, "nginx: worker process #12")};
  assign_roles(rows);
  CHECK(rows[0].process.generation == 12);
  CHECK_FALSE(rows[1].process.generation);
}

TEST_CASE("a master's arguments are put together again from its title") {
  using Words = std::vector<std::string>;
  CHECK(arguments_of_title(kMaster) ==
        Words{"/usr/sbin/nginx", "-g", "daemon on; master_process on;"});
  CHECK(arguments_of_title("nginx: master process nginx -g daemon off; -c /etc/n.conf -q") ==
        Words{"nginx", "-g", "daemon off;", "-c", "/etc/n.conf", "-q"});
  CHECK(arguments_of_title("angie: master process v1.9.0 #3 [angie -c /a.conf]") ==
        Words{"angie", "-c", "/a.conf"});
  CHECK(arguments_of_title("nginx: worker process").empty());
}

TEST_CASE("names of the family") {
  CHECK(is_family_name("nginx-debug"));
  CHECK(is_family_name("openresty"));
  CHECK(is_family_name("nginx-1.24.0"));
  CHECK_FALSE(is_family_name("apache2"));
  CHECK_FALSE(is_family_name("nginx-prometheu"));  // comm ends after 15 bytes
  CHECK_FALSE(is_family_name("nginx-ingress-c"));
  CHECK_FALSE(is_family_name("nginx_exporter"));
  CHECK(is_family_title("angie: cache manager process"));
  CHECK_FALSE(is_family_title("grep nginx: master"));
}

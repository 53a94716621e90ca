#include "libdiag/parse/ps.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::parse;

namespace {
const base::CivilTime kNow = *base::civil(2026, 4, 21, 23, 30);
}

TEST_CASE("ps aux") {
  const auto rows = parse_ps(
      "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n"
      "root         812  0.0  0.1  55280  1760 ?        Ss   Apr20   0:00 nginx: master process "
      "/usr/sbin/nginx -g daemon on; master_process on;\n"
      "www-data     813  0.5  0.2  55280  5760 ?        S    10:11   1:07 nginx: worker process\n"
      "www-data     814  0.0  0.0      0     0 ?        Z    10:11   0:00 [nginx] <defunct>\n"
      "root        9001  0.0  0.0   6332  2100 pts/0    S+   23:29   0:00 grep --color=auto nginx\n"
      "root           1  0.0  0.1 168140 11760 ?        Ss   Apr20   0:02 /sbin/init\n",
      kNow);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].pid == 812);
  CHECK(rows[0].line == 2);
  CHECK(rows[0].user == "root");
  CHECK(rows[0].state == "Ss");
  CHECK(rows[0].rss_bytes == 1760 * 1024);
  CHECK(rows[0].started == base::civil(2026, 4, 20));
  CHECK(rows[0].args == "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;");
  CHECK(rows[1].cpu_seconds == 67);
  CHECK(rows[1].started == base::civil(2026, 4, 21, 10, 11));
  CHECK_FALSE(rows[1].age_seconds);
  CHECK(rows[2].defunct);
}

TEST_CASE("ps -ef without its header") {
  const auto rows = parse_ps(
      "root     17776 17765  0 19:47 ?        00:00:00 nginx: master process /usr/sbin/nginx -c "
      "/etc/nginx/nginx.conf\n"
      "nobody   18866 17776  0 19:49 ?        00:00:05 nginx: worker process is shutting down\n"
      "nobody   21390 17776  1 Mar02 ?        1-00:00:05 nginx: worker process is shutting down\n",
      kNow);
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].pid == 18866);
  CHECK(rows[1].ppid == 17776);
  CHECK(rows[1].cpu_seconds == 5);
  CHECK(rows[1].args == "nginx: worker process is shutting down");
  CHECK(rows[2].cpu_seconds == 86405);
  CHECK(rows[2].started == base::civil(2026, 3, 2));
}

TEST_CASE("ps aux without its header") {
  const auto rows = parse_ps(
      "root       19315  0.0  0.0  89992 40088 ?        Ss   11:50   0:00 nginx: master process "
      "/usr/sbin/nginx -c /etc/nginx/nginx.conf\n",
      kNow);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].pid == 19315);
  CHECK(rows[0].rss_bytes == 40088 * 1024);
}

TEST_CASE("chosen columns in any order") {
  const auto rows = parse_ps(
      "  PID  PPID                  STARTED     ELAPSED     TIME   RSS WCHAN  S COMMAND         "
      "COMMAND\n"
      "  812     1 Tue Apr 21 23:18:20 2026       11:40 00:00:00  1760 futex_ S nginx           "
      "nginx: master process /usr/sbin/nginx\n"
      "  813   812 Tue Apr 21 23:18:20 2026  1-00:11:40 00:00:09 17600 -      S nginx           "
      "nginx: worker process is shutting down\n"
      "  814   812 Tue Apr 21 23:18:20 2026       11:40 00:00:00     0 -      Z nginx <defunct> "
      "[nginx] <defunct>\n",
      kNow);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].wchan == "futex_");
  CHECK(rows[0].age_seconds == 700);
  CHECK(rows[0].started == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(rows[1].wchan.empty());
  CHECK(rows[1].age_seconds == 87100);
  CHECK(rows[1].ppid == 812);
  CHECK(rows[1].args == "nginx: worker process is shutting down");
  CHECK(rows[2].defunct);
}

TEST_CASE("columns behind the command, ages in seconds, busybox and top") {
  auto rows = parse_ps("PID ELAPSED COMMAND RSS\n812 3600 nginx: worker process 1760\n", kNow);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].age_seconds == 3600);
  CHECK(rows[0].args == "nginx: worker process");
  CHECK(rows[0].rss_bytes == 1760 * 1024);
  rows = parse_ps(
      "PID   USER     TIME  COMMAND\n    1 root      0:00 nginx: master process nginx -g daemon "
      "off;\n   29 nginx     0:00 nginx: worker process\n",
      kNow);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].user == "nginx");
  rows = parse_ps(
      "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n    812 "
      "www-data  20   0   55280  12.5m   1024 S   0.0   0.1   0:05.12 nginx\n",
      kNow);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].rss_bytes == 12 * 1048576 + 524288);
  CHECK(rows[0].cpu_seconds == 5);
}

TEST_CASE("pgrep -a, unit trees and forests") {
  auto rows =
      parse_ps("812 nginx: master process /usr/sbin/nginx\n813 nginx: worker process\n", kNow);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].pid == 813);
  rows = parse_ps(
      "             ├─1012 \"nginx: master process /usr/sbin/nginx -g daemon on;\"\n             "
      "└─1013 \"nginx: worker process\"\n",
      kNow);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].args == "nginx: master process /usr/sbin/nginx -g daemon on;");
  rows = parse_ps(
      "  PID COMMAND\n  812 nginx: master process nginx\n  813  \\_ nginx: worker process\n", kNow);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].args == "nginx: worker process");
}

TEST_CASE("only nginx and its relatives, unless all are wanted") {
  const std::string_view text =
      "  PID COMMAND\n  1 /usr/local/openresty/nginx/sbin/nginx -g daemon off;\n  2 openresty: "
      "worker process\n"
      "  3 angie: worker process #5\n  4 nginx-ingress-controller\n  5 tail -f "
      "/var/log/nginx/error.log\n";
  CHECK(parse_ps(text, kNow).size() == 3);
  CHECK(parse_ps(text, kNow, true).size() == 5);
}

TEST_CASE(
    "any choice of columns without a header is read by the look of what stands before the title") {
  const auto rows = parse_ps(
      "root 507 1 nginx: master process /usr/sbin/nginx\n"
      "   15 root       0:02 nginx: worker process is shutting down\n"
      " 741521 ?        S      0:01 nginx: worker process\n",
      kNow);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].user == "root");
  CHECK(rows[0].pid == 507);
  CHECK(rows[0].ppid == 1);
  CHECK(rows[1].pid == 15);
  CHECK(rows[1].ppid == 0);
  CHECK(rows[1].cpu_seconds == 2);
  CHECK(rows[1].args == "nginx: worker process is shutting down");
  CHECK(rows[2].pid == 741521);
  CHECK(rows[2].state == "S");
}

TEST_CASE("rows that cannot be read are left out") {
  CHECK(parse_ps("|       \\_ nginx: worker process\nnginx\n\n0 nginx: x\n-1 nginx: x\n", kNow)
            .empty());
  CHECK(parse_ps("USER PID COMMAND\nroot abc nginx: worker process\n", kNow).empty());
  CHECK(parse_ps(std::string(100000, ' '), kNow).empty());
}

TEST_CASE("counts that people pasted") {
  auto count = parse_process_count("$ pgrep nginx | wc -l\n1034\n");
  REQUIRE(count);
  CHECK(count->count == 1034);
  CHECK(count->line == 2);
  count = parse_process_count("root@web1:~# ps aux | grep nginx | wc -l\n\n230\nother\n");
  REQUIRE(count);
  CHECK(count->count == 230);
  CHECK(count->line == 3);
  CHECK(parse_process_count("# pgrep -c nginx\n7")->count == 7);
  CHECK(parse_process_count("pgrep nginx | wc -l  => 12")->count == 12);
  CHECK_FALSE(parse_process_count("1034\n"));
  CHECK_FALSE(parse_process_count("wc -l nginx.conf\n77\n"));
  CHECK_FALSE(parse_process_count("pgrep nginx | wc -l\nerror\n5\n"));
}

#include "libdiag/pipeline/host_commands.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using pipeline::host_commands;

namespace {

source::Instance started(std::vector<std::string> argv, std::string unit = "") {
  source::Instance out;
  out.master_pid = 812;
  out.argv = std::move(argv);
  out.unit = std::move(unit);
  model::Process master;
  master.pid = 812;
  master.ppid = 1;
  out.processes.push_back(master);
  return out;
}

model::FactSet configured_in(const std::string& file) {
  model::FactSet out;
  out.put("config.file", file, {model::SourceRef{"config", file}}, "configuration");
  return out;
}

}  // namespace

TEST_CASE("a distribution's nginx takes the commands as they are") {
  const auto host = host_commands(
      started({"/usr/sbin/nginx", "-g", "daemon on; master_process on;"}, "nginx.service"),
      configured_in("/etc/nginx/nginx.conf"));
  CHECK(host.turn("nginx -t && systemctl restart nginx") == "nginx -t && systemctl restart nginx");
  CHECK(host.turn("rm /etc/nginx/modules-enabled/50-mod-nchan.conf") ==
        "rm /etc/nginx/modules-enabled/50-mod-nchan.conf");
}

TEST_CASE("files alone leave the commands as they are") {
  CHECK(host_commands({}, configured_in("evidence/nginx.conf")).turn("nginx -t") == "nginx -t");
}

TEST_CASE("a master of its own prefix is tested, restarted and searched as itself") {
  const auto host =
      host_commands(started({"/usr/sbin/nginx", "-p", "/srv/my www", "-c", "/srv/my www/n.conf"}),
                    configured_in("/srv/my www/n.conf"));
  CHECK(host.turn("nginx -t && systemctl restart nginx") ==
        "/usr/sbin/nginx -p '/srv/my www' -c '/srv/my www/n.conf' -t && { kill -QUIT 812; for i in "
        "1 2 3 "
        "4 5; do kill -0 812 2>/dev/null && sleep 1; done; pkill -KILL -P 812; kill -KILL 812 "
        "2>/dev/null; "
        "/usr/sbin/nginx -p '/srv/my www' -c '/srv/my www/n.conf'; }");
  CHECK(host.turn("systemctl reload nginx") == "kill -HUP 812");
  CHECK(host.turn("nginx -T 2>/dev/null | grep -n nchan") ==
        "/usr/sbin/nginx -p '/srv/my www' -c '/srv/my www/n.conf' -T 2>/dev/null | grep -n nchan");
  CHECK(host.turn("grep -rn 'nchan_' /etc/nginx --include='*.conf'") ==
        "grep -rn 'nchan_' '/srv/my www' --include='*.conf'");
  CHECK(host.turn("ls /etc/nginx-old /var/etc/nginx; nginx -tq; my-nginx -t") ==
        "ls /etc/nginx-old /var/etc/nginx; nginx -tq; my-nginx -t");
}

TEST_CASE("another unit is named, and a unit's name cannot smuggle a command in") {
  CHECK(host_commands(started({"/usr/local/openresty/nginx/sbin/nginx"}, "openresty.service"), {})
            .turn("systemctl restart nginx   # cuts all") ==
        "systemctl restart openresty   # cuts all");
  CHECK(host_commands(started({"nginx"}, "a; reboot.service"), {}).turn("systemctl stop nginx") ==
        "systemctl stop 'a; reboot'");
}

TEST_CASE("a unit that merely keeps nginx's parent running is not restarted") {
  auto instance = started({"/usr/sbin/nginx", "-c", "/srv/n.conf"}, "supervisor.service");
  instance.processes[0].ppid = 77;
  CHECK(host_commands(instance, {}).turn("systemctl restart nginx") ==
        "{ kill -QUIT 812; for i in 1 2 3 4 5; do kill -0 812 2>/dev/null && sleep 1; done; "
        "pkill -KILL -P 812; kill -KILL 812 2>/dev/null; /usr/sbin/nginx -c /srv/n.conf; }");
}

TEST_CASE("in a container the commands go through its runtime") {
  auto instance = started({"nginx", "-c", "/srv/n.conf"});
  instance.container = "3f2a3f2a3f2a3f2a";
  const auto host = host_commands(instance, {});
  CHECK(host.turn("nginx -t && systemctl reload nginx") ==
        "docker exec 3f2a3f2a3f2a nginx -t && docker exec 3f2a3f2a3f2a nginx -s reload");
  CHECK(host.turn("systemctl restart nginx") == "docker restart 3f2a3f2a3f2a");
  CHECK(host.turn("certbot renew") == "docker exec 3f2a3f2a3f2a sh -c 'certbot renew'");
  CHECK(host.turn("chmod o-rwx /etc/letsencrypt/archive") ==
        "docker exec 3f2a3f2a3f2a sh -c 'chmod o-rwx /etc/letsencrypt/archive'");
  CHECK(host.turn("ss -tlnp") == "ss -tlnp");
}

TEST_CASE("what supervisord started, supervisord restarts") {
  auto instance = started({"/usr/sbin/nginx"});
  instance.parent = "supervisord";
  CHECK(host_commands(instance, {}).turn("nginx -t && systemctl restart nginx") ==
        "nginx -t && supervisorctl restart nginx");
  instance.processes[0].ppid = 7;
  CHECK(host_commands(instance, {}).turn("systemctl reload nginx") == "kill -HUP 812");
  instance.container = "3f2a";
  CHECK(host_commands(instance, {}).turn("systemctl restart nginx") ==
        "docker exec 3f2a supervisorctl restart nginx");
}

TEST_CASE("fixes and checks of a diagnosis are turned") {
  engine::Diagnosis diagnosis;
  diagnosis.findings.emplace_back();
  diagnosis.findings[0].fixes.push_back({"Test", {"nginx -t"}, "", "nginx -T", "nginx -t"});
  diagnosis.next_checks.push_back({"test", "nginx -t"});
  turn_commands(host_commands(started({"nginx", "-c", "/srv/n.conf"}), {}), diagnosis);
  const model::Fix& fix = diagnosis.findings[0].fixes[0];
  CHECK(fix.commands[0] == "nginx -c /srv/n.conf -t");
  CHECK(fix.undo == "nginx -c /srv/n.conf -T");
  CHECK(fix.verify == "nginx -c /srv/n.conf -t");
  CHECK(diagnosis.next_checks[0].command == "nginx -c /srv/n.conf -t");
}

#include "libdiag/analyze/gather.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

TEST_CASE("a master's command line is read as nginx reads it") {
  const CommandLine line = parse_command_line(
      {"nginx", "-p", "/opt/n", "-cconf/x.conf", "-g", "daemon off;", "-e", "/l/e.log"});
  CHECK(line.prefix == "/opt/n");
  CHECK(line.conf == "conf/x.conf");
  CHECK(line.globals == "daemon off;");
  CHECK(line.error_log == "/l/e.log");
}

TEST_CASE("configuration and logs are found from the command line, not at /etc/nginx") {
  Scene scene;
  source::Instance& instance = scene.evidence.instances[0];
  scene.evidence.live = true;
  instance.argv = {
      "nginx", "-p", "/opt/n", "-c", "conf/x.conf", "-g", "worker_shutdown_timeout 30s;"};
  instance.files = source::memory_files({
      {"/opt/n/conf/x.conf",
       "error_log logs/e.log notice;\ninclude mods/*.conf;\nevents {}\nhttp {}\n"},
      {"/opt/n/conf/mods/50-mod-nchan.conf", "load_module modules/ngx_nchan_module.so;\n"},
      {"/opt/n/logs/e.log",
       "2026/04/21 23:00:09 [alert] 7#7: worker process 91 exited on signal 11\n"},
      {"/etc/nginx/nginx.conf", "events {}\n"},
  });
  const auto facts = scene.facts();
  CHECK(facts.text("config.file") == "/opt/n/conf/x.conf");
  CHECK(facts.number("config.worker_shutdown_timeout") == 30);
  CHECK(facts.number("deaths.total") == 1);
  CHECK(facts.number("modules.nchan.present") == 1);
}

TEST_CASE("a configuration that cannot be read is said") {
  Scene scene;
  scene.evidence.live = true;
  scene.evidence.instances[0].files = source::memory_files({});
  scene.facts();
  REQUIRE_FALSE(scene.digest.gaps.empty());
  CHECK(scene.digest.gaps[0].what == "/etc/nginx/nginx.conf");
}

TEST_CASE("what the log holds from before the present master is history") {
  Scene scene;
  source::Instance& instance = scene.evidence.instances[0];
  model::Process master = process(10, 1, model::Role::kMaster);
  master.started = scene.evidence.now - 3600;
  scene.with(master);
  instance.master_pid = 10;
  instance.files = source::memory_files(
      {{"/etc/nginx/nginx.conf", "error_log /var/log/nginx/error.log;\nevents {}\n"},
       {"/var/log/nginx/error.log",
        "2026/04/22 07:00:00 [alert] 7#7: worker process 91 exited on signal 11\n"
        "2026/04/22 08:30:00 [alert] 10#10: worker process 92 exited on signal 6\n"}});
  const auto facts = scene.facts();
  CHECK(facts.number("deaths.past") == 1);
  CHECK(facts.number("deaths.total") == 1);
  CHECK(facts.number("deaths.by_signal.6") == 1);
}

TEST_CASE("around the start itself, lines of a master that no longer lives are history too") {
  Scene scene;
  source::Instance& instance = scene.evidence.instances[0];
  model::Process master = process(10, 1, model::Role::kMaster);
  master.started = *base::civil(2026, 4, 22, 8, 0, 0);
  scene.with(master);
  instance.master_pid = 10;
  instance.files = source::memory_files(
      {{"/etc/nginx/nginx.conf", "error_log /var/log/nginx/error.log;\nevents {}\n"},
       {"/var/log/nginx/error.log",
        "2026/04/22 07:59:59 [notice] 7#7: reconfiguring\n"
        "2026/04/22 08:00:00 [alert] 7#7: worker process 91 exited on signal 11\n"
        "ker process is shutting down: src/a.c:7: leave: Assertion `0' failed.\n"
        "2026/04/22 08:00:01 [alert] 10#10: worker process 92 exited on signal 6\n"}});
  const auto facts = scene.facts();
  CHECK(facts.number("deaths.total") == 1);
  CHECK(facts.number("assertions.count") == 0);
  CHECK(facts.find("reloads.total") == nullptr);
}

TEST_CASE("what stands bare at the head of a log is as old as the first line with a time") {
  const std::string assertion = "ker process: src/a.c:7: leave: Assertion `0' failed.\n";
  const auto look = [&](const std::string& time, const std::string& writer) {
    Scene scene;
    source::Instance& instance = scene.evidence.instances[0];
    model::Process master = process(10, 1, model::Role::kMaster);
    master.started = *base::civil(2026, 4, 22, 8, 0, 0);
    scene.with(master);
    instance.master_pid = 10;
    instance.files = source::memory_files(
        {{"/etc/nginx/nginx.conf", "error_log /var/log/nginx/error.log;\nevents {}\n"},
         {"/var/log/nginx/error.log", assertion + "2026/04/22 " + time + " [alert] " + writer +
                                          ": worker process 91 exited on signal 6\n"}});
    return scene.facts().number("assertions.count").value_or(-1);
  };
  CHECK(look("07:00:00", "7#7") == 0);
  CHECK(look("08:30:00", "10#10") == 1);
}

TEST_CASE("reloads that an ACME client asked of an earlier master are not this one's") {
  Scene scene;
  source::Instance& instance = scene.evidence.instances[0];
  model::Process master = process(10, 1, model::Role::kMaster);
  master.started = *base::civil(2026, 4, 22, 8, 0, 0);
  scene.with(master);
  instance.master_pid = 10;
  instance.files = source::memory_files(
      {{"/etc/nginx/nginx.conf", "error_log /var/log/nginx/error.log;\nevents {}\n"}});
  instance.documents.push_back(source::text_document(
      "/var/log/letsencrypt/letsencrypt.log",
      "2026-04-22 07:10:02,117:INFO:certbot.compat.misc:Running deploy-hook command: "
      "/etc/letsencrypt/renewal-hooks/deploy/reload-nginx\n"
      "2026-04-22 08:10:02,117:INFO:certbot.compat.misc:Running deploy-hook command: nginx -s "
      "reload\n",
      model::Kind::kAcmeLog));
  const auto facts = scene.facts();
  CHECK(facts.number("reloads.by_acme") == 1);
}

#include "libdiag/analyze/service_manager.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

Scene master_in(const std::string& cgroup, std::vector<std::string> argv = {"/usr/sbin/nginx"}) {
  Scene scene;
  model::Process master = process(10, 1, model::Role::kMaster);
  master.cgroup = cgroup;
  scene.with(master);
  source::Instance& instance = scene.evidence.instances[0];
  instance.master_pid = 10;
  instance.argv = std::move(argv);
  instance.parent = "systemd";
  instance.files = source::memory_files({{"/lib/systemd/system/nginx.service", "[Service]\n"}});
  return scene;
}

}  // namespace

TEST_CASE("the service's own master") {
  const auto facts = master_in("/system.slice/nginx.service").facts();
  CHECK(facts.number("service.outside") == 0);
  CHECK(facts.text("service.started_by") == "nginx.service");
  CHECK(facts.find("service.supervisor") == nullptr);
}

TEST_CASE("a master that certbot or cron started") {
  const auto facts = master_in("/system.slice/certbot.service").facts();
  CHECK(facts.number("service.outside") == 1);
  CHECK(facts.text("service.started_by") == "certbot.service");
  CHECK(master_in("/user.slice/user-0.slice/session-3.scope").facts().text("service.started_by") ==
        "session-3.scope");
}

TEST_CASE("a second nginx with a configuration of its own is nobody's orphan") {
  const auto facts =
      master_in("/system.slice/web2.service", {"nginx", "-c", "/srv/n.conf"}).facts();
  CHECK(facts.find("service.outside") == nullptr);
}

TEST_CASE("without systemd nothing is said of units; the supervisor is named") {
  Scene scene = master_in("/");
  scene.evidence.instances[0].parent = "supervisord";
  const auto facts = scene.facts();
  CHECK(facts.text("service.supervisor") == "supervisord");
  CHECK(facts.find("service.outside") == nullptr);
}

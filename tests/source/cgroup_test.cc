#include "libdiag/source/cgroup.h"

#include <doctest/doctest.h>

using namespace ngxdiag::source;

TEST_CASE("the path that tells is chosen in both cgroup versions") {
  CHECK(cgroup_path("0::/system.slice/nginx.service\n") == "/system.slice/nginx.service");
  CHECK(cgroup_path("9:name=systemd:/system.slice/nginx.service\n4:memory:/x\n0::/\n") ==
        "/system.slice/nginx.service");
  CHECK(cgroup_path("9:name=systemd:/,2:cpu,cpuacct:/docker/abc,0::/") == "/docker/abc");
  CHECK(cgroup_path("").empty());
  CHECK(cgroup_path("nonsense").empty());
}

TEST_CASE("units and containers are read from the path") {
  CHECK(unit_of_cgroup("/system.slice/nginx.service") == "nginx.service");
  CHECK(unit_of_cgroup("/system.slice/system-nginx.slice/nginx@a.service/worker") ==
        "nginx@a.service");
  CHECK(unit_of_cgroup("/user.slice/user-0.slice/session-1.scope").empty());
  const std::string id(64, 'a');
  for (const std::string& path :
       {"/docker/" + id, "/system.slice/docker-" + id + ".scope", "/kubepods/burstable/podx/" + id,
        "/kubepods.slice/cri-containerd-" + id + ".scope",
        "/machine.slice/libpod-" + id + ".scope/container"})
    CHECK(container_of_cgroup(path) == id);
  CHECK(container_of_cgroup("/lxc.payload.web1/system.slice/nginx.service") == "web1");
  CHECK(container_of_cgroup("/system.slice/nginx.service").empty());
  CHECK(container_of_cgroup("/x/" + id + "b").empty());
}

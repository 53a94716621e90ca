// Whose process it is: the systemd unit or the container, as its cgroup path tells.
#pragma once

#include <string>
#include <string_view>

namespace ngxdiag::source {

// The one path that tells from /proc/PID/cgroup: that of the unified hierarchy, else of systemd's
// own, else the longest. Example lines: "0::/system.slice/nginx.service",
// "9:name=systemd:/docker/3f2a…". Lines may also be joined by commas (libproc2).
std::string cgroup_path(std::string_view text);

// "nginx.service" of "/system.slice/nginx.service"; "" when no unit is named. A template's escapes
// ("nginx@site\x2da.service") stay as systemd writes them.
std::string unit_of_cgroup(std::string_view path);

// The 64 hex digits of docker, containerd, CRI-O and podman ("/docker/ID", "docker-ID.scope",
// "cri-containerd-ID.scope", "libpod-ID.scope", "/kubepods/…/ID"), or "lxc.payload.NAME"; else "".
std::string container_of_cgroup(std::string_view path);

}  // namespace ngxdiag::source

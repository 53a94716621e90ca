// Journal and syslog lines of systemd, certbot timers, docker, kubelet … about nginx. Example:
//   Apr 21 23:18:20 web1 systemd[1]: nginx.service: State 'stop-sigterm' timed out. Killing.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

struct SystemLine {
  std::optional<base::CivilTime> time;
  std::string_view host, program;  // "systemd"
  int64_t pid = 0;
  std::string_view message;
};
// syslog ("Apr 21 23:18:20 h p[1]: m"), journal short-iso ("2026-04-21T23:18:20+0200 h p[1]: m") and
// `systemd[1]: m` without time. Empty on anything else.
std::optional<SystemLine> parse_system_line(std::string_view line, base::CivilTime near);

enum class UnitEvent : uint8_t { kNone, kReloaded, kReloading, kStarting, kStarted, kStopping, kStopped,
                                 kFailed, kStopTimeout, kStartTimeout, kKilling, kMainExited };
struct UnitLine {
  UnitEvent event = UnitEvent::kNone;
  std::string_view unit;      // "nginx.service", or "" when only described
  int64_t pid = 0;            // of kKilling, kMainExited
  std::string_view detail;    // "signal SIGKILL", "code=killed, status=6/ABRT"
};
// What systemd's message says of a unit: "nginx.service: Killing process 28387 (nginx) with signal SIGKILL.",
// "Reloaded nginx.service - A high performance web server …", "Reloaded A high performance web server …".
UnitLine parse_unit(std::string_view message);

}  // namespace ngxdiag::parse

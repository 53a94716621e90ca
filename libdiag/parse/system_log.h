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
// syslog ("Apr 21 23:18:20 h p[1]: m", also with "<30>" before it, and RFC 5424), journal short-iso
// ("2026-04-21T23:18:20+0200 h p[1]: m") and short-full ("Tue 2026-04-21 23:18:20 CEST h p[1]: m"),
// and `systemd[1]: m` without time. A host that somebody took out is "". The month of another
// language
// ("mars 25 01:04:22 h p[1]: m") leaves the time unknown. Empty on anything else.
std::optional<SystemLine> parse_system_line(std::string_view line, base::CivilTime near);

enum class UnitEvent : uint8_t {
  kNone,
  kReloaded,
  kReloading,
  kStarting,
  kStarted,
  kStopping,
  kStopped,       // also "Deactivated successfully." and "Succeeded."
  kFailed,        // "Failed with result 'timeout'.", "Failed to start …", "Reload failed for …"
  kStopTimeout,   // "State 'stop-sigterm' timed out. Killing.", "Stopping timed out. Terminating."
  kStartTimeout,  // "Start operation timed out. Terminating."
  kKilling,       // "Killing process 28387 (nginx) with signal SIGKILL."
  kMainExited,    // "Main process exited, code=killed, status=6/ABRT"
  kControlExited,  // "Control process exited, code=exited, status=1/FAILURE": ExecStartPre,
                   // ExecReload
  kOomKilled,      // "A process of this unit has been killed by the OOM killer."
};
struct UnitLine {
  UnitEvent event = UnitEvent::kNone;
  std::string_view unit;    // "nginx.service", or "" when only described
  int64_t pid = 0;          // of kKilling, kMainExited
  std::string_view detail;  // "signal SIGKILL", "code=killed, status=6/ABRT", "result 'timeout'"
};
// What systemd's message says of a unit: "nginx.service: Killing process 28387 (nginx) with signal
// SIGKILL.", "Reloaded nginx.service - A high performance web server …", "Reloaded A high
// performance web server …" (systemd before 249 names the description only), `systemctl status`'s
// "Main PID: 812 (code=killed, signal=SEGV)".
UnitLine parse_unit(std::string_view message);

}  // namespace ngxdiag::parse

// Events: what happened when, as analyzers saw it, for correlation and for the report's timeline.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libdiag/model/source_ref.h"

namespace ngxdiag::model {

enum class EventKind {
  kStart,          // an nginx master started
  kUpgrade,        // USR2
  kReload,         // a new generation was asked for (HUP taken, or sent)
  kReloadRefused,  // the running master kept its old configuration
  kReopen,         // USR1
  kDeath,      // a child was killed by a signal that means a crash; number = signal, pid = child
  kKilled,     // a child was killed by SIGKILL or SIGTERM
  kFatalExit,  // exit code 2: not respawned
  kOom,        // the kernel's OOM killer ended a process
  kAcmeRenewed,
  kAcmeFailed,  // number = HTTP status of the challenge, 0 unknown
  kPackage,     // a package was upgraded
  kUnit,        // systemd acted on the unit
};

struct Event {
  EventKind kind = EventKind::kStart;
  std::optional<base::CivilTime> time;
  int64_t number = 0;
  int64_t pid = 0;
  std::string subject;  // domain, package, unit …
  std::string says;
  SourceRef ref;
};

}  // namespace ngxdiag::model

// Messages that tell of the life and death of nginx's processes. Example:
//   worker process 9 exited on signal 6 (core dumped)
// From src/os/unix/ngx_process.c, ngx_process_cycle.c, src/core/ngx_cycle.c, nginx.c.
#pragma once

#include <cstdint>
#include <string_view>

namespace ngxdiag::parse {

// What a life-cycle or crash line says, and which fields of LifeLine it fills.
enum class Life : uint8_t {
  kNone,
  kExitedOnSignal,  // "worker process 9 exited on signal 6 (core dumped)": subject, child, number,
                    // core
  kExitedWithCode,  // "worker process 9 exited with code 0": subject, child, number
  kExitedFatal,     // "worker process 9 exited with fatal code 2 and cannot be respawned"
                    // (before 1.17 "can not be respawn"): subject, child, number
  kZoneLocked,      // "shared memory zone "memstore" was locked by 9": subject = name, child
  kReconfiguring,   // "reconfiguring", and "signal 1 (SIGHUP) received from 7, reconfiguring"
                    // (number 1, child = sender): nginx prints both for one reload
  kSignalReceived,  // other "signal N (NAME) received from P": number, child = sender, 0 unknown
  kSignalProcess,   // "signal process started": a reload, stop … was sent by `nginx -s`
  kStartWorkers,    // "start worker processes"
  kStartProcess,    // "start worker process 9", "start cache manager process 9": subject, child
  kStarted,         // "nginx/1.24.0": the version line of a start; subject = the whole
  kGraceful,        // "gracefully shutting down"
  kExiting,         // "exiting"
  kExit,            // "exit"
  kReopen,          // "reopening logs"
  kUpgrade,         // "changing binary"
  kOpenSocketLeft,  // "open socket #12 left in connection 5", with or without "*7 ": number =
                    // socket
  kAborting,        // "aborting"
  kForkFailed,  // "fork() failed while spawning "worker process" (11: …)": subject, number = errno
  kKillFailed,        // "kill(812, 1) failed (3: No such process)": child, number = signal
  kTooManyProcesses,  // "no more than 1024 processes can be spawned": number
};

struct LifeLine {
  Life life = Life::kNone;
  std::string_view
      subject;        // "worker process", "cache manager process", "unknown process"; zone name
  int64_t child = 0;  // 0 also when somebody blanked the pid out ("XXXXX")
  int number = 0;     // signal, code, errno
  bool core = false;
};

// kNone when the message is no such line. The whole message must match (a comma or full stop after
// it is forgiven): a life-cycle text inside another message is not one.
LifeLine parse_life(std::string_view message);

}  // namespace ngxdiag::parse

// One line of nginx's error log (src/core/ngx_log.c, ngx_log_error_core):
//   2026/04/21 23:18:20 [alert] 812#812: *7 message (2: No such file or directory) while …, client: …, server: …
// Also its relatives: framed by syslog, the journal, docker or CRI; `nginx: [emerg] text` on stderr;
// pasted fragments without time or level; untimestamped lines of libc that land in the same file.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

enum class Level : uint8_t { kNone, kEmerg, kAlert, kCrit, kError, kWarn, kNotice, kInfo, kDebug };
std::string_view level_name(Level level);

// Views into the line that was parsed.
struct ErrorLine {
  std::optional<base::CivilTime> time;
  Level level = Level::kNone;
  int64_t pid = 0, tid = 0;          // 0: not printed
  int64_t connection = 0;            // *N
  std::string_view message;          // after "pid#tid: *N ", with errno and context still in it
  bool stderr_form = false;          // `nginx: [emerg] …`: written before the log was opened
  bool bare = false;                 // nothing but a message
};

// Strips syslog/journal/docker/CRI framing and parses what stands after it. Empty when the line has
// none of nginx's marks (time, [level], pid#tid, `nginx: [level]`); a bare message is for the caller.
std::optional<ErrorLine> parse_error_line(std::string_view line);

// The text after any framing (docker json "log", CRI "stdout F ", "Apr 21 23:18:20 host nginx[812]: ",
// `nginx_1  | `). The line itself when there is none. A view into the line, except for docker json
// whose escapes are left as they are. `time` and `pid` get what the frame says, when it says so.
std::string_view strip_frame(std::string_view line, std::optional<base::CivilTime>* time = nullptr,
                             int64_t* pid = nullptr);

// Parts of a message: "… failed (24: Too many open files) while connecting to upstream, client: 192.0.2.1, …".
struct MessageParts {
  std::string_view text;       // before errno and context
  std::optional<int> error;    // 24
  std::string_view phase;      // "connecting to upstream" of " while …", "" when absent
  std::string_view client, server, request, upstream, host;  // quotes removed, "" when absent
};
// The context begins at the LAST place where it can (URIs may hold anything), nginx escapes nothing.
MessageParts split_message(std::string_view message);

// What a life-cycle or crash line says (os/unix/ngx_process.c, ngx_process_cycle.c; core/ngx_cycle.c).
enum class Life : uint8_t {
  kNone,
  kExitedOnSignal,    // "worker process 9 exited on signal 6 (core dumped)": subject, child, number, core
  kExitedWithCode,    // "worker process 9 exited with code 0"
  kExitedFatal,       // "worker process 9 exited with fatal code 2 and cannot be respawned"
  kZoneLocked,        // "shared memory zone "memstore" was locked by 9": name, child
  kReconfiguring,     // "reconfiguring" and "signal 1 (SIGHUP) received from 7, reconfiguring"
  kSignalReceived,    // other "signal N (NAME) received from P": number, child = sender
  kSignalProcess,     // "signal process started": a reload, stop … was sent by `nginx -s`
  kStartWorkers,      // "start worker processes"
  kStartProcess,      // "start worker process 9", "start cache manager process 9": subject, child
  kStarted,           // "nginx/1.24.0": the version line of a start
  kGraceful,          // "gracefully shutting down"
  kExiting,           // "exiting"
  kExit,              // "exit"
  kReopen,            // "reopening logs"
  kUpgrade,           // "changing binary"
  kOpenSocketLeft,    // "*7 open socket #12 left in connection 5"
  kAborting,          // "aborting"
  kForkFailed,        // "fork() failed while spawning …"
  kKillFailed,        // "kill(812, 1) failed (3: No such process)": child, number
  kTooManyProcesses,  // "no more than 1024 processes can be spawned"
};

struct LifeLine {
  Life life = Life::kNone;
  std::string_view subject;  // "worker process", "cache manager process", "unknown process"; zone name
  int64_t child = 0;
  int number = 0;            // signal or code
  bool core = false;
};
// kNone when the message is no such line. The whole message must match: a life-cycle text inside
// another message is not one.
LifeLine parse_life(std::string_view message);

// glibc's assert line without time, its program name cut by nginx's process title:
//   ker process: /build/…/memstore.c:705: nchan_store_init_worker: Assertion `procslot_found == 1' failed.
struct AssertionLine {
  std::string_view title;     // what is left of the program name
  std::string_view file;      // "/build/…/memstore.c"
  int line = 0;
  std::string_view function;
  std::string_view expression;
};
std::optional<AssertionLine> parse_assertion(std::string_view line);

// Other untimestamped aborts in the same file: glibc heap checks ("free(): invalid pointer",
// "malloc(): …", "corrupted size vs. prev_size", "double free or corruption"), fortify ("*** … ***: terminated"),
// "terminate called …", "nginx: lua atpanic: …". The kind as a slug ("heap", "fortify",
// "stack-smashing", "terminate", "lua-atpanic"), or "" when the line is none of these.
std::string_view abort_text_kind(std::string_view line);

// True when nginx could have written `previous` as a complete line, so that a line after it can be
// its own: quotes balanced up to nginx's own cut at 2048 bytes. A forged line (CVE-2009-4487: %0A in a
// request is logged raw) stands behind an unfinished one, and is followed by its unfinished rest.
bool is_complete_line(std::string_view previous);

}  // namespace ngxdiag::parse

// One line of nginx's error log (src/core/ngx_log.c, ngx_log_error_core):
//   2026/04/21 23:18:20 [alert] 812#812: *7 message (2: No such file or directory) while …, client:
//   …, server: …
// Also its relatives: framed by syslog, the journal, docker or CRI; `nginx: [emerg] text` on
// stderr; pasted fragments without time or level; untimestamped lines of libc that land in the same
// file. The message itself is taken apart by error_message.h, life_line.h and abort_line.h, which
// come along.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libdiag/base/time.h"
#include "libdiag/parse/abort_line.h"
#include "libdiag/parse/error_message.h"
#include "libdiag/parse/life_line.h"
#include "libdiag/parse/log_frame.h"

namespace ngxdiag::parse {

enum class Level : uint8_t { kNone, kEmerg, kAlert, kCrit, kError, kWarn, kNotice, kInfo, kDebug };
// "alert"; "" for kNone.
std::string_view level_name(Level level);

// Views into the line that was parsed.
struct ErrorLine {
  std::optional<base::CivilTime> time;
  Level level = Level::kNone;
  int64_t pid = 0, tid = 0;  // 0: not printed
  int64_t connection = 0;    // *N, also the "_3" that markup makes of "*3"; 0: none or blanked out
  std::string_view message;  // after "pid#tid: *N ", with errno and context still in it
  bool stderr_form = false;  // `nginx: [emerg] …`: written before the log was opened
  bool bare = false;         // nothing but a message
};

// Strips syslog/journal/docker/CRI framing and parses what stands after it. Empty when the line has
// none of nginx's marks (time, [level], pid#tid, `nginx: [level]`); a bare message is for the
// caller. Time and pid of the frame stand in where the line has none of its own. A clock without a
// date
// ("01:43:57 [alert] …") gives no time.
std::optional<ErrorLine> parse_error_line(std::string_view line);

// The same line taken as a message without marks: framing and "*N " stripped, `bare` set.
ErrorLine parse_bare_line(std::string_view line);

// True when nginx could have written `previous` as a complete line, so that a line after it can be
// its own. A forged line (CVE-2009-4487: %0A in a request is logged raw) stands behind an
// unfinished one, and is followed by its unfinished rest:
//   2026/04/21 23:18:20 [error] 5#5: *1 open() "/root/x
//   2026/04/21 23:18:20 [alert] 1#1: worker process 2 exited on signal 11
//   y" failed (2: No such file or directory), client: 192.0.2.66, server: _, request: "GET /x%0A…"
// Unfinished is a line with an odd number of quotes (a backslash before one counts it out), and a
// warn to crit line of a connection (*N) that holds quotes but none of the context every such line
// ends with. Finished all the same are lines that reach the request of their context (people and
// nginx cut lines there), emerg lines (configuration, not requests) and lines cut at nginx's limit
// of 2048 bytes (OpenResty 4096). Lines of Lua traces and FastCGI stderr may look unfinished for
// ever: use RecordTracker, which knows where they end at the latest.
bool is_complete_line(std::string_view previous);

// True for the rest of a record whose request held an encoded line feed: what stands between the
// record's first line and this one was sent by a client. It finds forgeries that close their
// quotes.
bool is_forged_tail(std::string_view line);

// Follows a log line by line. nginx writes a record with one write() of at most 4096 bytes (2048
// but in OpenResty), so a forgery ends within that many bytes after its unfinished first line.
class RecordTracker {
 public:
  // For every line of one log in order: true when nginx can have begun `line` itself, false when
  // it lies within an unfinished record.
  bool begins_record(std::string_view line);
  // The next line lies within an unfinished record, unless that one is too long.
  bool open() const { return open_bytes_ != 0; }

 private:
  size_t open_bytes_ = 0;  // 0: no record is unfinished
};

}  // namespace ngxdiag::parse

// What a container runtime, the journal or a log shipper keeps of one line that a program wrote.
//   {"log":"2026/04/21 23:18:20 [alert] 1#1:
//   …\n","stream":"stderr","time":"2026-04-21T23:18:20.1Z"} 2026-04-21T23:18:20.123456789+02:00
//   stderr P 2026/04/21 23:18:20 [alert] 1#1: …
//   {"__REALTIME_TIMESTAMP":"1776813500123456","_PID":"812","SYSLOG_IDENTIFIER":"nginx","MESSAGE":"…"}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libdiag/base/time.h"

namespace ngxdiag::source {

struct LogRecord {
  std::string text;  // the program's own bytes, without the line end
  std::optional<base::CivilTime> utc;
  std::string fraction;  // ".123456789" of the second, or ""
  std::string stream;    // "stderr", "stdout", or ""
  std::string host, program;
  int64_t pid = 0;
  // The line was cut: it goes on in the next record of the same stream (docker cuts at 16 KiB, CRI
  // marks with P, journald at LineMax).
  bool partial = false;
};

// docker's json-file (a text without a line end is cut), `journalctl -o json`, and objects of log
// shippers: the text is under MESSAGE, log, message, textPayload or line. Empty on any other line.
std::optional<LogRecord> json_record(std::string_view line);

// CRI: containerd, CRI-O, podman's k8s-file. Empty on any other line.
std::optional<LogRecord> cri_record(std::string_view line);

// One field of a journal entry, under its journal name; others are ignored.
void set_journal_field(LogRecord& record, std::string_view name, std::string_view value);

// RFC 3339 with its zone, as UTC; `fraction` gets what stands behind the second. Empty on anything
// else: "2026-04-21T23:18:20.1+02:00".
std::optional<base::CivilTime> parse_utc(std::string_view text, std::string* fraction = nullptr);

}  // namespace ngxdiag::source

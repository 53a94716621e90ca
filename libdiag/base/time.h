// Civil time: nginx logs local wall-clock time without a zone, so all evidence is compared on the
// clock of the host that wrote it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ngxdiag::base {

// Seconds of the host's wall clock since 1970-01-01 00:00:00 of that same clock (no zone).
using CivilTime = int64_t;

// From year, month 1..12, day 1..31, h, m, s. Empty when out of range (second 60 is taken as 59).
std::optional<CivilTime> civil(int year, int month, int day, int hour = 0, int minute = 0,
                               int second = 0);

// "2026/04/21 23:18:20" (ngx_time.c), "2026-04-21 23:18:20", "2026-04-21T23:18:20"; a fraction or a
// zone after it is left unread. Empty on anything else.
std::optional<CivilTime> parse_civil(std::string_view text);

// syslog's "Apr 21 23:18:20" with the year of `near`, moved by a year when that lies nearer to
// `near`.
std::optional<CivilTime> parse_syslog_time(std::string_view text, CivilTime near);

// "2026-04-21 23:18:20"; with 'T' between date and time for RFC 3339's first half.
std::string format_civil(CivilTime time, char separator = ' ');

// "3 d 4 h", "2 h 5 min", "40 s": two units at most.
std::string format_duration(int64_t seconds);

// ps's etime [[DD-]hh:]mm:ss in seconds.
std::optional<int64_t> parse_etime(std::string_view text);

}  // namespace ngxdiag::base

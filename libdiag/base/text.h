// Text helpers that every layer needs. All are pure; none depends on the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::base {

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
// Words between runs of blanks and tabs.
std::vector<std::string_view> words(std::string_view text);
bool contains(std::string_view text, std::string_view part);
// ASCII only.
std::string lower(std::string_view text);
std::string replace_all(std::string text, std::string_view from, std::string_view to);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// The next line of `rest` without its LF or CRLF; `rest` moves past it.
std::string_view take_line(std::string_view& rest);

// The whole text as a decimal number; empty on anything else or overflow.
std::optional<int64_t> parse_int(std::string_view text);

// An nginx size (`8k`, `1m`, `512`, ngx_parse_size) in bytes, or a time (`30s`, `1h 5m`,
// ngx_parse_time) in seconds (milliseconds round up). Empty when nginx would refuse it.
std::optional<int64_t> parse_size(std::string_view text);
std::optional<int64_t> parse_seconds(std::string_view text);

// Safe to print on a terminal: control bytes and invalid UTF-8 become \xNN, bidi overrides too;
// tab stays, newline stays only when `keep_newlines`.
std::string printable(std::string_view text, bool keep_newlines = false);

// Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none. REQUIRES: not
// empty.
size_t utf8_length(std::string_view text);
// True for a sequence of two or more bytes that can steer a terminal or hide text: C1 controls and
// bidirectional marks.
bool unsafe_sequence(std::string_view sequence);

// Quoted for a POSIX shell when it holds anything but [A-Za-z0-9_./:=@%+,-].
std::string shell_quote(std::string_view text);

// Cut to at most `bytes` bytes, on a UTF-8 boundary, with "…" when something was cut.
std::string shorten(std::string_view text, size_t bytes);

// Levenshtein distance, for "did you mean"; `closest` gives the nearest candidate within a third of
// the length of `text`, or an empty string.
size_t edit_distance(std::string_view a, std::string_view b);
std::string closest(std::string_view text, const std::vector<std::string>& candidates);

// "1 worker", "3 workers"; 1234567 -> "1,234,567".
std::string plural(int64_t count, std::string_view noun);
std::string grouped(int64_t number);

}  // namespace ngxdiag::base

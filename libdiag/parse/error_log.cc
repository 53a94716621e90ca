#include "libdiag/parse/error_log.h"

#include <array>
#include <utility>

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

// Without the line feed: NGX_MAX_ERROR_STR is 2048; OpenResty's larger_max_error_str makes it 4096.
constexpr size_t kCutLine = 2047;
constexpr size_t kCutLineOpenresty = 4095;

// What nginx prints with ngx_log_stderr and no level: results of `nginx -t`.
constexpr std::array<std::string_view, 6> kStderrTexts{
    "configuration file ", "the configuration file ", "invalid option",
    "option \"",           "invalid signal",          "malloc("};

int two_digits(std::string_view text, size_t at) {
  return is_digit(text[at]) && is_digit(text[at + 1]) ? (text[at] - '0') * 10 + (text[at + 1] - '0')
                                                      : -1;
}

// "2026/04/21 23:18:20 " or, with a clock that somebody blanked out, "2019/10/16 14:MM:SS ".
bool eat_time(std::string_view& rest, std::optional<base::CivilTime>& time) {
  if (rest.size() < 20 || rest[4] != '/' || rest[7] != '/' || rest[10] != ' ') return false;
  if (two_digits(rest, 0) < 0 || two_digits(rest, 2) < 0 || two_digits(rest, 5) < 0 ||
      two_digits(rest, 8) < 0)
    return false;
  if (rest[13] != ':' || rest[16] != ':') return false;
  time = base::parse_civil(rest);
  rest.remove_prefix(19);
  skip_blanks(rest);
  return true;
}

// "01:43:57 " without a date.
bool eat_clock(std::string_view& rest) {
  if (rest.size() < 10 || rest[2] != ':' || rest[5] != ':' || rest[8] != ' ') return false;
  if (two_digits(rest, 0) < 0 || two_digits(rest, 3) < 0 || two_digits(rest, 6) < 0) return false;
  rest.remove_prefix(9);
  return true;
}

bool eat_level(std::string_view& rest, Level& level) {
  if (rest.size() < 6 || rest[0] != '[') return false;
  for (const Level candidate : {Level::kError, Level::kInfo, Level::kNotice, Level::kWarn,
                                Level::kCrit, Level::kAlert, Level::kEmerg, Level::kDebug}) {
    const std::string_view name = level_name(candidate);
    if (rest.size() <= name.size() + 1 || rest[name.size() + 1] != ']' ||
        rest.substr(1, name.size()) != name)
      continue;
    level = candidate;
    rest.remove_prefix(name.size() + 2);
    skip_blanks(rest);
    return true;
  }
  return false;
}

bool eat_pid(std::string_view& rest, ErrorLine& out) {
  std::string_view text = rest;
  int64_t pid = 0, tid = 0;
  if (!eat_number(text, pid) || !eat(text, "#") || !eat_number(text, tid) || !eat(text, ":"))
    return false;
  if (!text.empty() && !eat(text, " ")) return false;
  out.pid = pid;
  out.tid = tid;
  rest = text;
  return true;
}

void eat_connection(std::string_view& rest, ErrorLine& out) {
  if (rest.size() < 3 || (rest[0] != '*' && rest[0] != '_')) return;
  std::string_view text = rest.substr(1);
  if (eat_number(text, out.connection)) {
    if (eat(text, " "))
      rest = text;
    else
      out.connection = 0;
    return;
  }
  if (rest[0] != '*' || rest[1] != 'X') return;
  while (!text.empty() && text[0] == 'X') text.remove_prefix(1);
  if (eat(text, " ")) rest = text;
}

// `nginx: [emerg] `, `angie: [emerg] `; `nginx: configuration file … test failed`.
bool eat_stderr_name(std::string_view& rest, ErrorLine& out) {
  std::string_view text = rest;
  if (!eat(text, "nginx: ") && !eat(text, "angie: ") && !eat(text, "openresty: ") &&
      !eat(text, "tengine: "))
    return false;
  bool ours = eat_level(text, out.level);
  for (const std::string_view start : kStderrTexts) ours = ours || text.starts_with(start);
  if (!ours) return false;
  out.stderr_form = true;
  rest = text;
  return true;
}

std::optional<ErrorLine> parse_unframed(std::string_view rest) {
  ErrorLine out;
  bool marked = eat_time(rest, out.time);
  if (!marked) {
    if (eat_stderr_name(rest, out)) {
      out.message = rest;
      return out;
    }
    eat_clock(rest);
  }
  marked |= eat_level(rest, out.level);
  marked |= eat_pid(rest, out);
  if (!marked) return std::nullopt;
  eat_connection(rest, out);
  out.message = rest;
  return out;
}

bool has_own_time(std::string_view line) {
  return line.size() > 19 && line[4] == '/' && line[10] == ' ';
}

// Quotes that no backslash stands before. In docker's JSON all of them are escaped, so all count.
size_t count_quotes(std::string_view text, bool escaped_too) {
  size_t count = 0;
  for (size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at + 1)) {
    size_t backslashes = 0;
    while (!escaped_too && backslashes < at && text[at - 1 - backslashes] == '\\') ++backslashes;
    count += backslashes % 2 == 0;
  }
  return count;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The line reaches the quoted request of its context. What follows that cannot hold a line feed, so
// the end may be cut off; behind a URI with an odd quote the context must end as nginx ends it.
bool reaches_request(std::string_view text, bool escaped_too) {
  const size_t client = text.rfind(", client: ");
  if (client == std::string_view::npos) return false;
  const std::string_view context = text.substr(client);
  if (!contains(context, ", server: ")) return false;
  if (!contains(context, ", request: ") && !contains(context, ", request_line: ")) return false;
  return text.ends_with('"') || count_quotes(text.substr(0, client), escaped_too) % 2 == 0;
}

}  // namespace

std::string_view level_name(Level level) {
  static constexpr std::array<std::string_view, 9> kNames{
      "", "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"};
  return kNames[static_cast<size_t>(level)];
}

std::optional<ErrorLine> parse_error_line(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (has_own_time(line))
    if (auto out = parse_unframed(line)) return out;
  std::optional<base::CivilTime> time;
  int64_t pid = 0;
  auto out = parse_unframed(strip_frame(line, &time, &pid));
  if (!out) return out;
  if (!out->time) out->time = time;
  if (!out->pid) out->pid = pid;
  return out;
}

ErrorLine parse_bare_line(std::string_view line) {
  ErrorLine out;
  out.bare = true;
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  line = strip_frame(line, &out.time, &out.pid);
  eat(line, "nginx: ");
  eat_connection(line, out);
  out.message = line;
  return out;
}

bool is_complete_line(std::string_view previous) {
  const std::string_view text = strip_frame(previous);
  if (text.size() == kCutLine || text.size() == kCutLineOpenresty) return true;
  const bool escaped_too = previous.starts_with('{');
  const size_t quotes = count_quotes(text, escaped_too);
  if (quotes == 0) return true;
  const auto parsed = parse_unframed(text);
  if (parsed && parsed->level == Level::kEmerg) return true;
  if (quotes % 2 != 0) return reaches_request(text, escaped_too);
  if (!parsed || parsed->connection == 0 || parsed->level < Level::kCrit ||
      parsed->level > Level::kWarn)
    return true;
  if (contains(text, "client: ") || contains(text, " while ") || contains(text, ", context: "))
    return true;
  // Whoever pastes it may have taken his visitors' addresses out.
  return text.ends_with('"') && contains(text, ", request: \"");
}

bool is_forged_tail(std::string_view line) {
  const std::string_view text = strip_frame(line);
  const size_t at = text.rfind("request: \"");
  const size_t angie = at == std::string_view::npos ? text.rfind("request_line: \"") : at;
  if (angie == std::string_view::npos || parse_unframed(text)) return false;
  const std::string_view request = text.substr(angie);
  return contains(request, "%0A") || contains(request, "%0a");
}

bool RecordTracker::begins_record(std::string_view line) {
  const std::string_view text = strip_frame(line);
  const size_t size = text.size() + 1;
  if (open_bytes_ == 0 || open_bytes_ > kCutLineOpenresty) {
    open_bytes_ = is_complete_line(line) ? 0 : size;
    return true;
  }
  open_bytes_ += size;
  // A quote of the client's own could close any other rest early.
  if (!parse_unframed(text) && reaches_request(text, true)) open_bytes_ = 0;
  return false;
}

}  // namespace ngxdiag::parse

#include "libdiag/parse/system_log.h"

#include <array>
#include <utility>

#include "libdiag/base/syslog.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kMaxProgram = 80;
constexpr size_t kMaxMonth = 10;

bool clock_at(std::string_view text) {
  return text.size() >= 8 && is_digit(text[0]) && is_digit(text[1]) && text[2] == ':' &&
         is_digit(text[3]) && is_digit(text[4]) && text[5] == ':' && is_digit(text[6]) &&
         is_digit(text[7]);
}

// "Apr 21 23:18:20", "Apr  1 23:18:20.123456", "mars 25 01:04:22": the name of the month follows
// the locale of whoever ran journalctl, so an unknown one costs the time only.
bool eat_syslog_time(std::string_view& rest, base::CivilTime near,
                     std::optional<base::CivilTime>& time) {
  std::string_view text = rest;
  size_t month = 0;
  while (month < text.size() && month <= kMaxMonth && text[month] != ' ') {
    const char c = text[month];
    if (!is_alpha(c) && c != '.' && static_cast<unsigned char>(c) < 0x80) return false;
    ++month;
  }
  if (month < 3 || month > kMaxMonth) return false;
  text.remove_prefix(month);
  skip_blanks(text);
  int64_t day = 0;
  if (!eat_number(text, day) || day < 1 || day > 31 || !eat(text, " ")) return false;
  if (!clock_at(text)) return false;
  time = base::parse_syslog_time(rest, near);
  take_word(text);
  rest = text;
  return true;
}

// "2026-04-21T23:18:20.1+02:00", "2026-04-21 23:18:20", "Tue 2026-04-21 23:18:20 CEST"
bool eat_iso_time(std::string_view& rest, std::optional<base::CivilTime>& time) {
  std::string_view text = rest;
  const bool full = text.size() > 4 && text[3] == ' ' && is_alpha(text[0]) && is_digit(text[4]);
  if (full) text.remove_prefix(4);
  if (text.size() < 20 || text[4] != '-') return false;
  time = base::parse_civil(text);
  if (!time) return false;
  text.remove_prefix(11);
  take_word(text);
  if (full) take_word(text);  // the zone's name
  rest = text;
  return true;
}

// "nginx[812]: ", "kernel: "
bool eat_program(std::string_view& rest, std::string_view& program, int64_t& pid, bool need_pid) {
  size_t end = 0;
  while (end < rest.size() && end <= kMaxProgram && rest[end] != '[' && rest[end] != ':' &&
         rest[end] != ' ')
    ++end;
  if (end == 0 || end >= rest.size() || end > kMaxProgram) return false;
  std::string_view text = rest.substr(end);
  int64_t number = 0;
  if (eat(text, "[")) {
    if (!eat_number(text, number) || !eat(text, "]")) return false;
  } else if (need_pid) {
    return false;
  }
  if (!eat(text, ":") || (!text.empty() && !eat(text, " "))) return false;
  program = rest.substr(0, end);
  pid = number;
  rest = text;
  return true;
}

void eat_priority(std::string_view& rest) {
  std::string_view text = rest;
  int64_t priority = 0;
  if (eat(text, "<") && eat_number(text, priority) && priority < 192 && eat(text, ">")) rest = text;
}

bool is_unit(std::string_view word) {
  for (const std::string_view suffix : {".service", ".timer", ".socket", ".scope", ".slice"})
    if (word.size() > suffix.size() && word.ends_with(suffix)) return true;
  return false;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

constexpr std::array<std::pair<std::string_view, UnitEvent>, 10> kJobs{{
    {"Reloaded ", UnitEvent::kReloaded},
    {"Reloading ", UnitEvent::kReloading},
    {"Starting ", UnitEvent::kStarting},
    {"Started ", UnitEvent::kStarted},
    {"Stopping ", UnitEvent::kStopping},
    {"Stopped ", UnitEvent::kStopped},
    {"Finished ", UnitEvent::kStopped},
    {"Failed to start ", UnitEvent::kFailed},
    {"Failed to reload ", UnitEvent::kFailed},
    {"Reload failed for ", UnitEvent::kFailed},
}};

std::string_view without_stop(std::string_view text) {
  while (!text.empty() && (text.back() == '.' || is_blank(text.back()) || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

// What stands after "nginx.service: ".
void read_state(std::string_view text, UnitLine& out) {
  std::string_view rest = text;
  if (eat(rest, "Killing process ")) {
    if (!eat_number(rest, out.pid)) return;
    const size_t with = rest.find("with ");
    if (with != std::string_view::npos) out.detail = without_stop(rest.substr(with + 5));
    out.event = UnitEvent::kKilling;
  } else if (eat(rest, "Main process exited, ") || eat(rest, "main process exited, ")) {
    out.event = UnitEvent::kMainExited;
    out.detail = without_stop(rest);
  } else if (eat(rest, "Control process exited, ") || eat(rest, "control process exited, ")) {
    out.event = UnitEvent::kControlExited;
    out.detail = without_stop(rest);
  } else if (eat(rest, "Failed with ")) {
    out.event = UnitEvent::kFailed;
    out.detail = without_stop(rest);
  } else if (rest.starts_with("Unit entered failed state") ||
             rest.starts_with("Start request repeated too quickly")) {
    out.event = UnitEvent::kFailed;
    out.detail = without_stop(rest);
  } else if (contains(rest, "tart operation timed out")) {
    out.event = UnitEvent::kStartTimeout;
  } else if (rest.starts_with("State 'stop") || rest.starts_with("State 'final") ||
             rest.starts_with("Stopping timed out") || rest.starts_with("stopping timed out")) {
    if (contains(rest, "timed out")) out.event = UnitEvent::kStopTimeout;
  } else if (rest.starts_with("Deactivated successfully") || rest.starts_with("Succeeded")) {
    out.event = UnitEvent::kStopped;
  } else if (contains(rest, "killed by the OOM killer")) {
    out.event = UnitEvent::kOomKilled;
  }
}

}  // namespace

std::optional<SystemLine> parse_system_line(std::string_view line, base::CivilTime near) {
  SystemLine out;
  if (const auto relayed = base::parse_rfc5424(line)) {
    out.time = base::parse_civil(relayed->time);
    out.host = relayed->host;
    out.program = relayed->program;
    out.pid = relayed->pid;
    out.message = relayed->message;
    return out;
  }
  std::string_view rest = line;
  eat_priority(rest);
  const bool timed = eat_iso_time(rest, out.time) || eat_syslog_time(rest, near, out.time);
  if (timed) {
    skip_blanks(rest);
    // People blank the host out: then the program stands where the host was.
    if (!eat_program(rest, out.program, out.pid, false)) {
      out.host = take_word(rest);
      if (out.host.empty() || !eat_program(rest, out.program, out.pid, false)) return std::nullopt;
    }
  } else if (!eat_program(rest, out.program, out.pid, true)) {
    return std::nullopt;
  }
  out.message = rest;
  return out;
}

UnitLine parse_unit(std::string_view message) {
  UnitLine out;
  skip_blanks(message);
  for (const auto& [verb, event] : kJobs) {
    std::string_view rest = message;
    if (!eat(rest, verb)) continue;
    // "Started Process Core Dump (PID 9/UID 0)." and others of no service fit too: unit stays "".
    const std::string_view word = rest.substr(0, rest.find(' '));
    const std::string_view unit = without_stop(word);
    if (is_unit(unit)) out.unit = unit;
    out.event = event;
    if (event == UnitEvent::kFailed) out.detail = without_stop(rest);
    return out;
  }
  std::string_view rest = message;
  if (eat(rest, "Main PID: ")) {
    if (eat_number(rest, out.pid) && eat(rest, " (code=")) {
      out.event = UnitEvent::kMainExited;
      out.detail = message.substr(message.find("(code=") + 1);
      out.detail = out.detail.substr(0, out.detail.find(')'));
    } else {
      out.pid = 0;
    }
    return out;
  }
  const size_t colon = message.find(": ");
  if (colon == std::string_view::npos || !is_unit(message.substr(0, colon))) return out;
  out.unit = message.substr(0, colon);
  read_state(message.substr(colon + 2), out);
  return out;
}

}  // namespace ngxdiag::parse

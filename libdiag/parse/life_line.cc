#include "libdiag/parse/life_line.h"

#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

// The longest process name of nginx and its relatives is "privileged agent process".
constexpr size_t kMaxSubject = 48;

bool eat_int(std::string_view& rest, int& value) {
  int64_t number = 0;
  if (!eat_number(rest, number) || number > INT32_MAX) return false;
  value = static_cast<int>(number);
  return true;
}

// A pid, or what people put over it: "XXXXX", "<pid>", "***".
bool is_pid(std::string_view word, int64_t& pid) {
  if (word.empty()) return false;
  std::string_view rest = word;
  if (eat_number(rest, pid)) return rest.empty();
  pid = 0;
  return word.size() <= 12 && word.find_first_not_of("Xx*#?<>PIDpid") == std::string_view::npos;
}

// "worker process 9" -> "worker process" and 9.
bool split_subject(std::string_view text, LifeLine& out) {
  const size_t space = text.rfind(' ');
  if (space == std::string_view::npos || space > kMaxSubject) return false;
  if (!is_pid(text.substr(space + 1), out.child)) return false;
  const std::string_view subject = text.substr(0, space);
  if (subject.find("process") == std::string_view::npos) return false;
  for (const char c : subject)
    if (!is_alpha(c) && !is_digit(c) && c != ' ' && c != '_' && c != '-' && c != '#') return false;
  out.subject = subject;
  return true;
}

LifeLine exited(std::string_view message, size_t at) {
  LifeLine out;
  if (!split_subject(message.substr(0, at), out)) return {};
  std::string_view rest = message.substr(at);
  if (eat(rest, " exited on signal ")) {
    if (!eat_int(rest, out.number)) return {};
    out.core = eat(rest, " (core dumped)");
    out.life = Life::kExitedOnSignal;
  } else if (eat(rest, " exited with code ")) {
    if (!eat_int(rest, out.number)) return {};
    out.life = Life::kExitedWithCode;
  } else if (eat(rest, " exited with fatal code ")) {
    if (!eat_int(rest, out.number)) return {};
    if (!eat(rest, " and cannot be respawned") && !eat(rest, " and can not be respawned") &&
        !eat(rest, " and can not be respawn"))
      return {};
    out.life = Life::kExitedFatal;
  }
  return rest.empty() ? out : LifeLine{};
}

LifeLine zone_locked(std::string_view rest) {
  LifeLine out;
  // Within docker's JSON the quotes are escaped.
  eat(rest, "\\");
  if (!eat(rest, "\"")) return {};
  const size_t end = rest.find('"');
  if (end == std::string_view::npos) return {};
  out.subject = rest.substr(0, end);
  if (out.subject.ends_with('\\')) out.subject.remove_suffix(1);
  rest.remove_prefix(end + 1);
  if (!eat(rest, " was locked by ") || !is_pid(rest, out.child)) return {};
  out.life = Life::kZoneLocked;
  return out;
}

// After "signal ": "1 (SIGHUP) received from 7, reconfiguring"
LifeLine signal_line(std::string_view rest) {
  LifeLine out;
  if (rest == "process started") return {Life::kSignalProcess, {}, 0, 0, false};
  if (!eat_int(rest, out.number) || !eat(rest, " (SIG")) return {};
  size_t name = 0;
  while (name < rest.size() && name < 12 && (is_alpha(rest[name]) || is_digit(rest[name]))) ++name;
  rest.remove_prefix(name);
  if (!eat(rest, ") received")) return {};
  if (eat(rest, " from ")) {
    const size_t end = rest.find(',');
    if (!is_pid(rest.substr(0, end), out.child)) return {};
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
  }
  out.life = rest == ", reconfiguring" ? Life::kReconfiguring : Life::kSignalReceived;
  for (const std::string_view suffix :
       {"", ", shutting down", ", exiting", ", reconfiguring", ", reopening logs",
        ", changing binary", ", ignoring", ", stop accepting connections"})
    if (rest == suffix) return out;
  return {};
}

LifeLine start_line(std::string_view rest) {
  LifeLine out;
  if (rest == "worker processes") return {Life::kStartWorkers, {}, 0, 0, false};
  if (!split_subject(rest, out)) return {};
  out.life = Life::kStartProcess;
  return out;
}

// "(11: Resource temporarily unavailable)" and nothing after it but a cut.
bool eat_errno(std::string_view& rest, int& error) {
  if (!eat(rest, " (") || !eat_int(rest, error) || !eat(rest, ": ")) return false;
  const size_t end = rest.find_first_of("()\"");
  if (end != std::string_view::npos && (rest[end] != ')' || end + 1 != rest.size())) return false;
  rest = {};
  return true;
}

LifeLine fork_failed(std::string_view rest) {
  LifeLine out;
  eat(rest, "\\");
  if (!eat(rest, "\"")) return {};
  const size_t end = rest.find('"');
  if (end == std::string_view::npos) return {};
  out.subject = rest.substr(0, end);
  if (out.subject.ends_with('\\')) out.subject.remove_suffix(1);
  rest.remove_prefix(end + 1);
  if (!rest.empty() && !eat_errno(rest, out.number)) return {};
  out.life = Life::kForkFailed;
  return out;
}

LifeLine kill_failed(std::string_view rest) {
  LifeLine out;
  const size_t comma = rest.find(", ");
  if (comma == std::string_view::npos || !is_pid(rest.substr(0, comma), out.child)) return {};
  rest.remove_prefix(comma + 2);
  int error = 0;
  if (!eat_int(rest, out.number) || !eat(rest, ") failed")) return {};
  if (!rest.empty() && !eat_errno(rest, error)) return {};
  out.life = Life::kKillFailed;
  return out;
}

LifeLine open_socket(std::string_view rest) {
  LifeLine out;
  int connection = 0;
  if (!eat_int(rest, out.number) || !eat(rest, " left in connection ") ||
      !eat_int(rest, connection) || !rest.empty())
    return {};
  out.life = Life::kOpenSocketLeft;
  return out;
}

// "nginx/1.24.0", "openresty/1.25.3.2", "nginx/1.25.1 (nginx-plus-r30)"
bool is_version_line(std::string_view message) {
  const size_t slash = message.find('/');
  if (slash == std::string_view::npos || slash + 1 >= message.size() ||
      !is_digit(message[slash + 1]))
    return false;
  for (const char c : message.substr(0, slash))
    if (!is_alpha(c)) return false;
  std::string_view rest = message.substr(slash + 1);
  while (!rest.empty() && (is_digit(rest[0]) || rest[0] == '.')) rest.remove_prefix(1);
  const std::string_view name = message.substr(0, slash);
  const bool known = name == "nginx" || name == "openresty" || name == "Tengine" ||
                     name == "Angie" || name == "angie" || name == "freenginx" || name == "tengine";
  return known && (rest.empty() || (rest.starts_with(" (") && rest.back() == ')'));
}

}  // namespace

LifeLine parse_life(std::string_view message) {
  while (!message.empty() && (is_blank(message.back()) || message.back() == '\r' ||
                              message.back() == ',' || message.back() == '.'))
    message.remove_suffix(1);
  // No such line is long: zone names and errno texts are the longest parts.
  if (message.size() < 4 || message.size() > 400) return {};
  std::string_view rest = message;
  int64_t connection = 0;
  switch (message[0]) {
    case 'a':
      if (message == "aborting") return {Life::kAborting, {}, 0, 0, false};
      break;
    case 'c':
      if (message == "changing binary") return {Life::kUpgrade, {}, 0, 0, false};
      break;
    case 'e':
      if (message == "exit") return {Life::kExit, {}, 0, 0, false};
      if (message == "exiting") return {Life::kExiting, {}, 0, 0, false};
      break;
    case 'f':
      if (eat(rest, "fork() failed while spawning ")) return fork_failed(rest);
      break;
    case 'g':
      if (message == "gracefully shutting down") return {Life::kGraceful, {}, 0, 0, false};
      break;
    case 'k':
      if (eat(rest, "kill(")) return kill_failed(rest);
      break;
    case 'n':
      if (eat(rest, "no more than ")) {
        LifeLine out{Life::kTooManyProcesses, {}, 0, 0, false};
        if (eat_int(rest, out.number) && rest == " processes can be spawned") return out;
        return {};
      }
      break;
    case 'o':
      if (eat(rest, "open socket #")) return open_socket(rest);
      break;
    case 'r':
      if (message == "reconfiguring") return {Life::kReconfiguring, {}, 0, 0, false};
      if (message == "reopening logs") return {Life::kReopen, {}, 0, 0, false};
      break;
    case 's':
      if (eat(rest, "signal ")) return signal_line(rest);
      if (eat(rest, "start ")) return start_line(rest);
      if (eat(rest, "shared memory zone ")) return zone_locked(rest);
      break;
    case '*':
      rest.remove_prefix(1);
      if (eat_number(rest, connection) && eat(rest, " open socket #")) return open_socket(rest);
      return {};
    default: break;
  }
  if (is_version_line(message)) return {Life::kStarted, message, 0, 0, false};
  // The subject comes first and is short, so the verb stands near the start.
  const size_t at = message.substr(0, 2 * kMaxSubject).find(" exited ");
  return at == std::string_view::npos ? LifeLine{} : exited(message, at);
}

}  // namespace ngxdiag::parse

#include "libdiag/parse/log_frame.h"

#include "libdiag/base/syslog.h"
#include "libdiag/parse/scan.h"
#include "libdiag/parse/system_log.h"

namespace ngxdiag::parse {
namespace {

// Frames may be nested (compose within the journal), but not without end.
constexpr int kMaxFrames = 4;
// Prefixes of compose and kubectl are names; longer ones are text.
constexpr size_t kMaxName = 96;

struct Frame {
  std::optional<base::CivilTime> time;
  int64_t pid = 0;
};

// "2026/04/21" with nothing said about what follows.
bool starts_with_nginx_date(std::string_view text) {
  return text.size() >= 10 && text[4] == '/' && text[7] == '/' && is_digit(text[0]) &&
         is_digit(text[3]) && is_digit(text[5]) && is_digit(text[6]) && is_digit(text[8]) &&
         is_digit(text[9]);
}

bool is_nginx_program(std::string_view program) {
  const size_t slash = program.rfind('/');
  if (slash != std::string_view::npos) program.remove_prefix(slash + 1);
  for (const std::string_view name : {"nginx", "openresty", "tengine", "angie", "freenginx"})
    if (program.starts_with(name)) return true;
  return false;
}

// The end of a JSON string that began before `text`: the first quote that is not escaped.
size_t json_string_end(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i;
  }
  return text.size();
}

bool strip_docker_json(std::string_view& line, Frame& frame) {
  std::string_view text = line;
  if (!eat(text, "{\"log\":\"")) return false;
  const size_t end = json_string_end(text);
  const std::string_view after = text.substr(end);
  if (const size_t at = after.find("\"time\":\""); at != std::string_view::npos)
    frame.time = base::parse_civil(after.substr(at + 8));
  text = text.substr(0, end);
  if (text.ends_with("\\n")) text.remove_suffix(2);
  if (text.ends_with("\\r")) text.remove_suffix(2);
  line = text;
  return true;
}

// "2026-04-21T23:18:20.1Z stderr F text" (CRI) and "2026-04-21T23:18:20.1Z text" (docker logs -t).
bool strip_container_time(std::string_view& line, Frame& frame) {
  if (line.size() < 20 || line[4] != '-' || line[10] != 'T') return false;
  const auto time = base::parse_civil(line);
  if (!time) return false;
  std::string_view text = line;
  const std::string_view stamp = take_word(text);
  if (eat(text, "stdout ") || eat(text, "stderr ")) {
    if (!eat(text, "F ") && !eat(text, "P ")) return false;
  } else if (!stamp.ends_with('Z')) {
    return false;
  }
  frame.time = time;
  line = text;
  return true;
}

// "2026-04-21 23:18:20 2026/04/21 21:18:20 [alert] …", "2026-04-21 23:18:20 | 2026/…": as Docker
// Desktop shows it, in the time of whoever looks.
bool strip_desktop_time(std::string_view& line) {
  constexpr size_t kStamp = 19;
  if (line.size() <= kStamp || line[4] != '-' || line[10] != ' ' || line[13] != ':' ||
      line[kStamp] != ' ')
    return false;
  std::string_view text = line.substr(kStamp + 1);
  eat(text, "| ");
  if (!starts_with_nginx_date(text)) return false;
  line = text;
  return true;
}

// "error.log:2026/…", "error.log:17:2026/…", "17:2026/…"
bool strip_grep_prefix(std::string_view& line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || space < 12 || line[space - 11] != ':') return false;
  if (!starts_with_nginx_date(line.substr(space - 10))) return false;
  line.remove_prefix(space - 10);
  return true;
}

void skip_colours(std::string_view& text) {
  while (text.starts_with("\x1b[")) {
    const size_t end = text.substr(0, 16).find('m');
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// "nginx_1  | text", also coloured; "[pod/web-0/nginx] text"
bool strip_name(std::string_view& line) {
  std::string_view text = line;
  if (text.starts_with("[pod/")) {
    const size_t end = text.substr(0, 3 * kMaxName).find("] ");
    if (end == std::string_view::npos) return false;
    line.remove_prefix(end + 2);
    return true;
  }
  skip_colours(text);
  size_t name = 0;
  while (name < text.size() && name <= kMaxName &&
         (is_alpha(text[name]) || is_digit(text[name]) || text[name] == '_' || text[name] == '-' ||
          text[name] == '.'))
    ++name;
  if (name == 0 || name > kMaxName) return false;
  text.remove_prefix(name);
  skip_blanks(text);
  if (!eat(text, "|")) return false;
  skip_colours(text);
  eat(text, " ");
  skip_colours(text);
  line = text;
  return true;
}

bool strip_system(std::string_view& line, Frame& frame, std::optional<base::CivilTime> near) {
  const auto system = parse_system_line(line, near.value_or(0));
  if (!system) return false;
  const bool has_year =
      line.size() > 8 && (line[4] == '-' || line[8] == '-' || base::parse_rfc5424(line));
  if (system->time && (near || has_year)) frame.time = system->time;
  if (is_nginx_program(system->program)) frame.pid = system->pid;
  line = system->message;
  return true;
}

bool strip_one(std::string_view& line, Frame& frame, std::optional<base::CivilTime> near) {
  if (line.empty() || starts_with_nginx_date(line)) return false;
  if (is_blank(line[0])) {
    skip_blanks(line);
    return true;
  }
  if (eat(line, "> ")) return true;
  return strip_docker_json(line, frame) || strip_container_time(line, frame) ||
         strip_desktop_time(line) || strip_grep_prefix(line) || strip_system(line, frame, near) ||
         strip_name(line);
}

}  // namespace

std::string_view strip_frame(std::string_view line, std::optional<base::CivilTime>* time,
                             int64_t* pid, std::optional<base::CivilTime> near) {
  Frame frame;
  for (int i = 0; i < kMaxFrames && strip_one(line, frame, near); ++i) {
  }
  if (time && frame.time) *time = frame.time;
  if (pid && frame.pid) *pid = frame.pid;
  return line;
}

}  // namespace ngxdiag::parse

#include "libdiag/source/line_frame.h"

#include "libdiag/base/syslog.h"

namespace ngxdiag::source {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool blank(char c) { return c == ' ' || c == '\t'; }

std::string_view after_blanks(std::string_view s) {
  size_t i = 0;
  while (i < s.size() && blank(s[i])) ++i;
  return s.substr(i);
}

// "hh:mm:ss" at the beginning.
bool clock(std::string_view s) {
  return s.size() >= 8 && s[2] == ':' && s[5] == ':' && digit(s[0]) && digit(s[1]) && digit(s[3]) &&
         digit(s[7]);
}

std::string_view take_word(std::string_view& s) {
  size_t i = 0;
  while (i < s.size() && !blank(s[i])) ++i;
  const std::string_view word = s.substr(0, i);
  s = after_blanks(s.substr(i));
  return word;
}

// "nginx[4178042]:" or "kernel:": the name, or empty when the word is no tag.
std::string_view tag_of(std::string_view word) {
  if (word.size() < 2 || word.back() != ':') return {};
  word.remove_suffix(1);
  if (const size_t bracket = word.find('['); bracket != std::string_view::npos) {
    if (word.back() != ']') return {};
    word = word.substr(0, bracket);
  }
  for (const char c : word)
    if (c == '"' || c == ':' || c == '=') return {};
  if (const size_t slash = word.rfind('/'); slash != std::string_view::npos)
    word = word.substr(slash + 1);
  return word;
}

// After the time of a syslog or journal line: "HOST TAG[PID]: rest", the host sometimes cut away.
bool take_origin(std::string_view s, LineFrame& frame) {
  std::string_view rest = s;
  for (int words = 0; words < 2; ++words) {
    const std::string_view tag = tag_of(take_word(rest));
    if (tag.empty()) continue;
    frame = {true, tag, rest};
    return true;
  }
  return false;
}

bool take_syslog(std::string_view s, LineFrame& frame) {
  // Month: up to six bytes that are no digits ("Apr", "mars", "févr.").
  size_t i = 0;
  while (i < s.size() && !blank(s[i]) && !digit(s[i]) && s[i] != '[') ++i;
  if (i < 3 || i > 7 || i >= s.size() || !blank(s[i])) return false;
  std::string_view rest = after_blanks(s.substr(i));
  const std::string_view day = take_word(rest);
  if (day.empty() || day.size() > 2 || !digit(day[0]) || !clock(rest)) return false;
  take_word(rest);
  return take_origin(rest, frame);
}

bool take_iso(std::string_view s, LineFrame& frame) {
  if (s.size() < 21 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || !digit(s[0]) ||
      !clock(s.substr(11)))
    return false;
  std::string_view rest = s;
  take_word(rest);
  const std::string_view before = rest;
  const std::string_view stream = take_word(rest);
  if (stream == "stdout" || stream == "stderr") {
    if (rest.size() > 2 && (rest[0] == 'F' || rest[0] == 'P') && rest[1] == ' ')
      rest.remove_prefix(2);
    frame = {true, {}, rest};
    return true;
  }
  if (take_origin(before, frame)) return true;
  frame = {true, {}, before};  // docker logs -t
  return true;
}

bool take_rfc5424(std::string_view s, LineFrame& frame) {
  const auto line = base::parse_rfc5424(s);
  if (!line) return false;
  const size_t slash = line->program.rfind('/');
  frame = {true, line->program.substr(slash == std::string_view::npos ? 0 : slash + 1),
           line->message};
  return true;
}

// "<187>Apr 21 23:18:20 web1 nginx: …": as it came over the network.
bool take_priority(std::string_view s, LineFrame& frame) {
  size_t i = 1;
  while (i < s.size() && i < 4 && digit(s[i])) ++i;
  if (i < 2 || i >= s.size() || s[i] != '>') return false;
  const std::string_view rest = s.substr(i + 1);
  return take_syslog(rest, frame) || take_iso(rest, frame);
}

bool take_json(std::string_view s, LineFrame& frame) {
  for (const std::string_view key : {"{\"log\":\"", "{\"log\": \"", "{\"MESSAGE\":\""}) {
    if (s.substr(0, key.size()) != key) continue;
    frame = {true, {}, s.substr(key.size())};
    if (const size_t end = frame.rest.find("\\n\""); end != std::string_view::npos)
      frame.rest = frame.rest.substr(0, end);
    return true;
  }
  return false;
}

// "web-1  | …" and kubectl's "[pod/web-7c4/nginx] …".
bool take_compose(std::string_view s, LineFrame& frame) {
  if (s.substr(0, 5) == "[pod/") {
    const size_t end = s.find("] ");
    if (end == std::string_view::npos) return false;
    frame = {true, {}, s.substr(end + 2)};
    return true;
  }
  size_t i = 0;
  while (i < s.size() && !blank(s[i]) && s[i] != '|') ++i;
  if (i == 0 || i > 64) return false;
  size_t bar = i;
  while (bar < s.size() && s[bar] == ' ') ++bar;
  if (bar + 1 >= s.size() || bar == i || s[bar] != '|' || s[bar + 1] != ' ') return false;
  frame = {true, {}, s.substr(bar + 2)};
  return true;
}

// "/var/log/nginx/error.log-1701637201.gz:2023/12/04 …", "nginx.conf:12:  ssl_stapling on;".
bool take_grep(std::string_view s, LineFrame& frame) {
  size_t colon = 0;
  bool dotted = false;
  while (colon < s.size() && s[colon] != ':' && !blank(s[colon]) && s[colon] != '(' &&
         s[colon] != '"') {
    dotted |= s[colon] == '.';
    ++colon;
  }
  if (colon < 4 || colon + 2 >= s.size() || s[colon] != ':' || !dotted) return false;
  const std::string_view path = s.substr(0, colon);
  const bool log = path.find(".log") != std::string_view::npos ||
                   path.find(".conf") != std::string_view::npos ||
                   (path[0] == '/' && path.find("/sites-") != std::string_view::npos);
  if (!log) return false;
  size_t i = colon + 1;
  while (i < s.size() && digit(s[i])) ++i;
  const bool numbered = i > colon + 1 && i < s.size() && (s[i] == ':' || s[i] == '-');
  frame = {true, {}, s.substr(numbered ? i + 1 : colon + 1)};
  return true;
}

// "nginx[441]: nginx: [emerg] …": the time and the host were left out.
bool take_bare_tag(std::string_view s, LineFrame& frame) {
  std::string_view rest = s;
  const std::string_view word = take_word(rest);
  if (word.find('[') == std::string_view::npos || word[0] == '[') return false;
  const std::string_view tag = tag_of(word);
  if (tag.empty()) return false;
  frame = {true, tag, rest};
  return true;
}

}  // namespace

LineFrame line_frame(std::string_view line) {
  LineFrame out{false, {}, line};
  // A container's runtime frames what compose or grep framed: a few layers, never a loop.
  for (int layers = 0; layers < 4; ++layers) {
    const std::string_view s = after_blanks(out.rest);
    if (s.size() < 8) break;
    LineFrame next;
    if (s[0] == '{'   ? take_json(s, next)
        : s[0] == '<' ? take_rfc5424(s, next) || take_priority(s, next)
                      : take_iso(s, next) || take_syslog(s, next) || take_compose(s, next) ||
                            take_grep(s, next) || take_bare_tag(s, next)) {
      out = next;
      if (!out.tag.empty()) break;
    } else {
      break;
    }
  }
  return out;
}

}  // namespace ngxdiag::source

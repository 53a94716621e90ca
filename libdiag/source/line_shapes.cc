#include "libdiag/source/line_shapes.h"

#include <algorithm>
#include <array>
#include <string>

#include "libdiag/base/text.h"
#include "libdiag/base/version.h"

namespace ngxdiag::source {
namespace {

using base::contains;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool lower_case(char c) { return c >= 'a' && c <= 'z'; }
bool word(char c) { return lower_case(c) || (c >= 'A' && c <= 'Z') || digit(c) || c == '_'; }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f'); }

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

constexpr std::array<std::string_view, 8> kLevels = {"emerg", "alert",  "crit", "error",
                                                     "warn",  "notice", "info", "debug"};

// Directives with no '_' in their name that begin pasted fragments most often; others with '_' are
// known by their shape.
constexpr std::array<std::string_view, 40> kPlainDirectives = {
    "allow",  "auth_basic", "break",     "daemon",  "default",  "deny",    "env",
    "etag",   "events",     "expires",   "geo",     "gzip",     "http",    "http2",
    "http3",  "if",         "include",   "index",   "internal", "ip_hash", "keepalive",
    "listen", "location",   "lock_file", "mail",    "map",      "pid",     "resolver",
    "return", "rewrite",    "root",      "satisfy", "sendfile", "server",  "set",
    "stream", "types",      "upstream",  "user",    "zone"};

// "[alert] …": the level's end, or 0.
size_t level_end(std::string_view s) {
  if (s.size() < 6 || s[0] != '[') return 0;
  for (const std::string_view level : kLevels)
    if (s.substr(1, level.size()) == level && s.size() > level.size() + 1 &&
        s[level.size() + 1] == ']')
      return level.size() + 2;
  return 0;
}

// " [crit] 31375#31375: " anywhere: a line whose time was blotted out or cut.
bool has_level_and_pid(std::string_view s) {
  for (size_t at = s.find('['); at != std::string_view::npos; at = s.find('[', at + 1)) {
    const size_t end = level_end(s.substr(at));
    if (!end) continue;
    size_t i = at + end;
    if (i >= s.size() || s[i] != ' ') continue;
    const size_t first = ++i;
    while (i < s.size() && digit(s[i])) ++i;
    if (i > first && i + 1 < s.size() && s[i] == '#' && digit(s[i + 1])) return true;
  }
  return false;
}

}  // namespace

// "2026/04/21 23:18:20 [" by a few byte comparisons: this runs for every line of huge logs.
bool is_dated_error_line(std::string_view s) {
  return s.size() > 24 && s[4] == '/' && s[7] == '/' && s[10] == ' ' && s[13] == ':' &&
         s[16] == ':' && s[19] == ' ' && s[20] == '[' && digit(s[0]) && digit(s[9]) &&
         digit(s[18]) && lower_case(s[21]);
}

bool is_error_line(std::string_view s) {
  if (is_dated_error_line(s)) return true;
  if (level_end(s)) return true;
  for (const std::string_view program : {"nginx: [", "angie: [", "openresty: [", "tengine: ["})
    if (s.substr(0, program.size()) == program && level_end(s.substr(program.size() - 1)))
      return true;
  // "01:43:57 [alert] …": the date was cut off.
  if (s.size() > 12 && digit(s[0]) && s[2] == ':' && s[5] == ':' && s[8] == ' ' &&
      level_end(s.substr(9)))
    return true;
  // "*10 SSL_do_handshake() failed …": cut before the connection number.
  if (s.size() > 3 && s[0] == '*' && digit(s[1])) {
    size_t i = 1;
    while (i < s.size() && digit(s[i])) ++i;
    if (i < s.size() && s[i] == ' ') return true;
  }
  return has_level_and_pid(s);
}

// "[28/Nov/2017:08:44:15 +0000] \"GET" of the combined format, or a JSON access log.
bool is_access_line(std::string_view s) {
  const size_t at = s.find('[');
  if (at != std::string_view::npos && s.size() > at + 24) {
    const std::string_view t = s.substr(at + 1);
    if (t[2] == '/' && t[6] == '/' && t[11] == ':' && t[14] == ':' && t[17] == ':' && digit(t[0]) &&
        digit(t[10]))
      return true;
  }
  return s[0] == '{' && contains(s, "\"status\"") &&
         (contains(s, "\"request\"") || contains(s, "\"remote_addr\"") ||
          contains(s, "\"request_uri\""));
}

// "[  120.497566] …" and dmesg -T's "[Thu Jun 30 04:27:42 2022] …".
bool is_kernel_line(std::string_view s) {
  if (s.size() < 8 || s[0] != '[') return false;
  size_t i = 1;
  while (i < s.size() && s[i] == ' ') ++i;
  const size_t first = i;
  while (i < s.size() && digit(s[i])) ++i;
  if (i > first && i + 7 < s.size() && s[i] == '.') {
    const size_t end = s.find(']', i);
    return end != std::string_view::npos && end - i <= 10;
  }
  if (s.size() < 27 || s[25] != ']' || s[4] != ' ' || s[8] != ' ' || s[14] != ':' || s[17] != ':')
    return false;
  // Apache's old error log begins alike: "[Wed Oct 11 14:32:52 2000] [error] [client …".
  const std::string_view rest = base::trim(s.substr(26));
  return !level_end(rest);
}

// acme.sh: "[Wed Jun 30 11:34:57 CST 2021] Lets finalize the order." (date(1), with a zone).
bool is_acme_sh_line(std::string_view s) {
  if (s.size() < 30 || s[0] != '[') return false;
  const size_t end = s.find("] ");
  if (end == std::string_view::npos || end < 27 || end > 48) return false;
  const std::string_view date = s.substr(1, end - 1);
  if (std::count(date.begin(), date.end(), ':') != 2) return false;
  const size_t words = base::words(date).size();
  return words >= 6 && words <= 8 && (s[1] >= 'A');
}

// certbot's file: "2015-10-08 00:30:17,856:ERROR:certbot.log:…".
bool is_certbot_line(std::string_view s) {
  return s.size() > 28 && s[4] == '-' && s[7] == '-' && s[10] == ' ' && s[13] == ':' &&
         s[16] == ':' && s[19] == ',' && s[23] == ':' && digit(s[0]) && digit(s[22]) &&
         s[24] >= 'A' && s[24] <= 'Z';
}

// dpkg.log: "2026-05-01 06:12:13 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1".
bool is_dpkg_log_line(std::string_view s) {
  if (s.size() < 28 || s[4] != '-' || s[10] != ' ' || s[16] != ':' || s[19] != ' ') return false;
  const std::string_view rest = s.substr(20);
  for (const std::string_view verb : {"upgrade ", "install ", "status ", "configure ", "trigproc ",
                                      "remove ", "purge ", "startup ", "conffile "})
    if (rest.substr(0, verb.size()) == verb) return true;
  return false;
}

// dehydrated: " + Challenge is valid!" (a shell's own trace has a lower-case command there).
bool is_dehydrated_line(std::string_view s) {
  if (s.size() > 4 && (s[0] == '+' || s[0] == '!') && s[1] == ' ' && s[2] >= 'A' && s[2] <= 'Z')
    return true;
  if (s.substr(0, 11) == "Processing " && contains(s, "."))
    return base::words(s).size() <= 3 || contains(s, " with alternative names");
  return false;
}

// "/etc/letsencrypt/renewal-hooks/deploy:" of ls, or a prompt "# ls -l /etc/letsencrypt/…" before
// its rows: that such a directory is empty tells something, and then no row follows.
bool is_listing_head(std::string_view s) {
  if (!contains(s, "/renewal-hooks") && !contains(s, "/systemd/system")) return false;
  if (s[0] == '/') return s.back() == ':' && s.find(' ') == std::string_view::npos;
  return (s[0] == '#' || s[0] == '$') && begins(base::trim(s.substr(1)), "ls -l");
}

// "-rw-r--r-- 1 root root 3245 …", also namei -l.
bool is_listing_line(std::string_view s) {
  if (!s.empty() && is_listing_head(s)) return true;
  if (s.size() < 12) return false;
  if (std::string_view("-dlbcpsf").find(s[0]) == std::string_view::npos) return false;
  for (size_t i = 1; i < 10; ++i)
    if (std::string_view("rwxsStT-").find(s[i]) == std::string_view::npos) return false;
  const size_t next = (s[10] == '.' || s[10] == '+' || s[10] == '@') ? 11 : 10;
  return s.size() > next && s[next] == ' ';
}

// "7f4a21af2000-7f4a21b46000 r-xp 00000000 fe:01 …".
bool is_maps_line(std::string_view s) {
  size_t i = 0;
  while (i < s.size() && hex(s[i])) ++i;
  if (i < 5 || i > 16 || i >= s.size() || s[i] != '-') return false;
  const size_t second = ++i;
  while (i < s.size() && hex(s[i])) ++i;
  if (i - second < 5 || i + 5 >= s.size() || s[i] != ' ') return false;
  return (s[i + 1] == 'r' || s[i + 1] == '-') && (s[i + 2] == 'w' || s[i + 2] == '-') &&
         (s[i + 3] == 'x' || s[i + 3] == '-') && (s[i + 4] == 'p' || s[i + 4] == 's') &&
         s[i + 5] == ' ';
}

// "Max open files            1024                 524288               files", "open files (-n)
// 1024".
bool is_limits_line(std::string_view s) {
  if (begins(s, "Max ")) return s.size() > 30 && contains(s, "   ");
  return (begins(s, "open files ") || begins(s, "core file size ") ||
          begins(s, "max user proce")) &&
         contains(s, ") ");
}

// gdb and coredumpctl frames, glibc's own backtrace, valgrind and sanitizers.
bool is_backtrace_line(std::string_view s, bool frame) {
  if (s[0] == '#' && s.size() > 4 && digit(s[1])) {
    size_t i = 1;
    while (i < s.size() && digit(s[i])) ++i;
    return i <= 5 && i + 1 < s.size() && s[i] == ' ' &&
           s.find_first_not_of(' ', i) != std::string_view::npos;
  }
  if (s[0] == '0' && s.size() > 8 && s[1] == 'x')
    if (contains(s, " in ") || (s.back() == ')' && contains(s, " + 0x"))) return true;
  if (begins(s, "frame #") || begins(s, "* frame #")) return true;  // lldb
  if (s[0] == '=' && s[1] == '=' && s.size() > 6 && digit(s[2]) && contains(s.substr(2), "=="))
    return true;
  // "nginx: worker process(ngx_memalign+0x2f)[0x55ac85ce48bf]"
  if (s.back() == ']') {
    const size_t at = s.rfind("[0x");
    if (at != std::string_view::npos && at > 0 && (s[at - 1] == ')' || word(s[at - 1])))
      return true;
  }
  // "ngx_clean_old_cycles (ev=0x5555…) at src/core/ngx_cycle.c:1403"
  if (frame && contains(s, " (")) {
    const size_t at = s.rfind(") at ");
    const size_t colon = s.rfind(':');
    return colon != std::string_view::npos && colon > at && colon + 1 < s.size() &&
           digit(s[colon + 1]);
  }
  // gdb's source line under a frame: "3259\t    cscf->file_name = …"
  if (digit(s[0])) {
    size_t i = 0;
    while (i < s.size() && digit(s[i])) ++i;
    return i <= 6 && i < s.size() && s[i] == '\t';
  }
  return false;
}

// "USER         PID %CPU %MEM …"
bool is_ps_header(std::string_view s) {
  if (!contains(s, " PID ") && s.substr(0, 4) != "PID " &&
      !(s.size() > 4 && s.substr(s.size() - 4) == " PID"))
    return false;
  return contains(s, "CMD") || contains(s, "COMMAND") || contains(s, "PPID") || contains(s, "%CPU");
}

// ss and netstat rows, and lsof rows of nginx.
bool is_socket_line(std::string_view s) {
  if (begins(s, "tcp") || begins(s, "udp") || begins(s, "u_str"))
    return contains(s, " LISTEN") || contains(s, " ESTAB") || contains(s, "-WAIT") ||
           contains(s, "_WAIT");
  return begins(s, "nginx ") && (contains(s, " IPv4 ") || contains(s, " IPv6 ") ||
                                 contains(s, " REG ") || contains(s, " unix "));
}

// klog of a Go controller: "I1029 12:30:16.906015      10 controller.go:177] …".
bool is_controller_line(std::string_view s) {
  return s.size() > 30 && (s[0] == 'I' || s[0] == 'W' || s[0] == 'E' || s[0] == 'F') &&
         digit(s[1]) && digit(s[4]) && s[5] == ' ' && s[8] == ':' && s[11] == ':' && s[14] == '.';
}

// dpkg -l and rpm names are known by their beginning or here: "vts 0.1.13",
// "nginx-1.20.1-14.el9.x86_64".
bool is_module_line(std::string_view s) {
  const auto parts = base::words(s);
  const auto plain_name = [](std::string_view name) {
    if (name.empty() || !(lower_case(name[0]) || (name[0] >= 'A' && name[0] <= 'Z'))) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
      return word(c) || c == '-' || c == '.' || c == '+' || c == ':';
    });
  };
  if (parts.size() == 2 && plain_name(parts[0]) && parts[0].back() != ':')
    return base::is_version(parts[1]) && contains(parts[1], ".") && parts[1].back() != '.';
  if (parts.size() == 1 && (s.substr(0, 6) == "nginx-" || s.substr(0, 10) == "openresty-" ||
                            s.substr(0, 6) == "angie-")) {
    const size_t dash = s.find_first_of("0123456789");
    return dash != std::string_view::npos && s[dash - 1] == '-' && contains(s, ".");
  }
  // apt: "libnginx-mod-nchan/stable,now 1:1.3.6+dfsg-2 amd64 [installed]"
  return parts.size() >= 3 && contains(parts[0], "/") && contains(s, "[installed") &&
         base::is_version(parts[1]);
}

// A directive by its shape. `strict`: the text around is of another kind, so only names that are
// nginx's by their look count.
bool is_config_line(std::string_view s, bool strict) {
  size_t i = 0;
  while (i < s.size() && word(s[i])) ++i;
  const std::string_view name = s.substr(0, i);
  if (name.size() < 2 || digit(name[0])) return false;
  if (i < s.size() && s[i] != ' ' && s[i] != '\t' && s[i] != ';' && s[i] != '{') return false;
  const bool plain =
      std::find(kPlainDirectives.begin(), kPlainDirectives.end(), name) != kPlainDirectives.end();
  if (strict && !plain && (name.find('_') == std::string_view::npos || !lower_case(name[0])))
    return false;
  std::string_view body = s;
  if (const size_t comment = s.find(" #"); comment != std::string_view::npos)
    body = base::trim(s.substr(0, comment));
  const char last = body.back();
  if (last == ';' || last == '{') return true;
  if (last == '}' && contains(body, "{")) return true;
  // The first line of a directive that goes on: few names are strong enough.
  return !strict && (name == "log_format" || name == "server_name");
}

}  // namespace ngxdiag::source

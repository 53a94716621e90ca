#include "libdiag/source/recognise.h"

#include <algorithm>
#include <array>

#include "libdiag/base/text.h"
#include "libdiag/base/version.h"
#include "libdiag/source/line_frame.h"

namespace ngxdiag::source {
namespace {

using base::contains;
using model::Kind;

// A longer line is judged by its beginning: hostile evidence may hold lines of any length.
constexpr size_t kJudged = 2048;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool lower_case(char c) { return c >= 'a' && c <= 'z'; }
bool word(char c) { return lower_case(c) || (c >= 'A' && c <= 'Z') || digit(c) || c == '_'; }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f'); }

struct Mark {
  std::string_view text;
  Kind kind;
};

// How a line of its kind begins (leading blanks removed).
constexpr std::array kBeginnings = {
    Mark{"nginx version: ", Kind::kNginxVersion},
    Mark{"Tengine version: ", Kind::kNginxVersion},
    Mark{"Angie version: ", Kind::kNginxVersion},
    Mark{"freenginx version: ", Kind::kNginxVersion},
    Mark{"openresty version: ", Kind::kNginxVersion},
    Mark{"built with OpenSSL", Kind::kNginxVersion},
    Mark{"built with LibreSSL", Kind::kNginxVersion},
    Mark{"built with BoringSSL", Kind::kNginxVersion},
    Mark{"built with AWS-LC", Kind::kNginxVersion},
    Mark{"built by ", Kind::kNginxVersion},
    Mark{"built on ", Kind::kNginxVersion},
    Mark{"TLS SNI support ", Kind::kNginxVersion},
    Mark{"configure arguments:", Kind::kNginxVersion},
    Mark{"running with OpenSSL", Kind::kNginxVersion},

    Mark{"*** Error in `", Kind::kErrorLog},
    Mark{"*** glibc detected", Kind::kErrorLog},
    Mark{"*** buffer overflow detected", Kind::kErrorLog},
    Mark{"*** stack smashing detected", Kind::kErrorLog},
    Mark{"*** bit out of range", Kind::kErrorLog},
    Mark{"free(): ", Kind::kErrorLog},
    Mark{"malloc(): ", Kind::kErrorLog},
    Mark{"realloc(): ", Kind::kErrorLog},
    Mark{"malloc_consolidate(): ", Kind::kErrorLog},
    Mark{"munmap_chunk(): ", Kind::kErrorLog},
    Mark{"double free or corruption", Kind::kErrorLog},
    Mark{"corrupted size vs. prev_size", Kind::kErrorLog},
    Mark{"corrupted double-linked list", Kind::kErrorLog},
    Mark{"terminate called ", Kind::kErrorLog},
    Mark{"what():  ", Kind::kErrorLog},
    Mark{"pure virtual method called", Kind::kErrorLog},
    Mark{"stack traceback:", Kind::kErrorLog},
    Mark{"coroutine 0:", Kind::kErrorLog},
    Mark{"nginx: lua atpanic", Kind::kErrorLog},
    Mark{"nginx: the configuration file ", Kind::kErrorLog},
    Mark{"nginx: configuration file ", Kind::kErrorLog},
    Mark{"angie: the configuration file ", Kind::kErrorLog},
    Mark{"angie: configuration file ", Kind::kErrorLog},

    Mark{"#!", Kind::kUnknown},
    Mark{"# configuration file ", Kind::kConfig},

    Mark{"traps: ", Kind::kKernelLog},
    Mark{"kernel: ", Kind::kKernelLog},
    Mark{"Out of memory: ", Kind::kKernelLog},
    Mark{"Memory cgroup out of memory", Kind::kKernelLog},
    Mark{"oom-kill:", Kind::kKernelLog},
    Mark{"oom_reaper: ", Kind::kKernelLog},
    Mark{"type=AVC ", Kind::kKernelLog},
    Mark{"type=ANOM_ABEND ", Kind::kKernelLog},
    Mark{"type=SECCOMP ", Kind::kKernelLog},
    Mark{"audit: type=", Kind::kKernelLog},

    Mark{"systemd[", Kind::kSystemd},
    Mark{"Loaded: loaded", Kind::kSystemd},
    Mark{"Loaded: not-found", Kind::kSystemd},
    Mark{"Loaded: masked", Kind::kSystemd},
    Mark{"Active: ", Kind::kSystemd},
    Mark{"Main PID: ", Kind::kSystemd},
    Mark{"Drop-In: ", Kind::kSystemd},
    Mark{"CGroup: ", Kind::kSystemd},
    Mark{"TriggeredBy: ", Kind::kSystemd},
    Mark{"-- Logs begin at ", Kind::kSystemd},
    Mark{"-- Journal begins at ", Kind::kSystemd},
    Mark{"-- Boot ", Kind::kSystemd},
    Mark{"-- Reboot --", Kind::kSystemd},
    Mark{"-- No entries --", Kind::kSystemd},
    Mark{"[Unit]", Kind::kSystemd},
    Mark{"[Service]", Kind::kSystemd},
    Mark{"[Install]", Kind::kSystemd},
    Mark{"ExecStart=", Kind::kSystemd},
    Mark{"ExecReload=", Kind::kSystemd},
    Mark{"ExecStop=", Kind::kSystemd},
    Mark{"LimitNOFILE=", Kind::kSystemd},
    Mark{"Job for ", Kind::kSystemd},
    Mark{"\xe2\x97\x8f ", Kind::kSystemd},  // "● nginx.service - …"
    Mark{"\xc3\x97 ", Kind::kSystemd},      // "× nginx.service - …"

    Mark{"Saving debug log to ", Kind::kAcmeLog},
    Mark{"Plugins selected: ", Kind::kAcmeLog},
    Mark{"Attempting to renew cert", Kind::kAcmeLog},
    Mark{"Renewal configuration file ", Kind::kAcmeLog},
    Mark{"Failed authorization procedure", Kind::kAcmeLog},
    Mark{"Failed to renew certificate", Kind::kAcmeLog},
    Mark{"Challenge failed for domain", Kind::kAcmeLog},
    Mark{"Certbot failed to ", Kind::kAcmeLog},
    Mark{"Certbot has set up ", Kind::kAcmeLog},
    Mark{"Cert not yet due for renewal", Kind::kAcmeLog},
    Mark{"Certificate not yet due for renewal", Kind::kAcmeLog},
    Mark{"Cert is due for renewal", Kind::kAcmeLog},
    Mark{"Renewing an existing certificate", Kind::kAcmeLog},
    Mark{"Requesting a certificate for", Kind::kAcmeLog},
    Mark{"Obtaining a new certificate", Kind::kAcmeLog},
    Mark{"Performing the following challenges:", Kind::kAcmeLog},
    Mark{"Waiting for verification", Kind::kAcmeLog},
    Mark{"Cleaning up challenges", Kind::kAcmeLog},
    Mark{"Running pre-hook command", Kind::kAcmeLog},
    Mark{"Running post-hook command", Kind::kAcmeLog},
    Mark{"Running deploy-hook command", Kind::kAcmeLog},
    Mark{"Hook command ", Kind::kAcmeLog},
    Mark{"Hook '", Kind::kAcmeLog},
    Mark{"Error output from ", Kind::kAcmeLog},
    Mark{"Output from ", Kind::kAcmeLog},
    Mark{"new certificate deployed with", Kind::kAcmeLog},
    Mark{"Congratulations, all renewals succeeded", Kind::kAcmeLog},
    Mark{"All renewal attempts failed", Kind::kAcmeLog},
    Mark{"The following certs ", Kind::kAcmeLog},
    Mark{"The following certificates ", Kind::kAcmeLog},
    Mark{"Type:   ", Kind::kAcmeLog},
    Mark{"Detail: ", Kind::kAcmeLog},
    Mark{"\"detail\": ", Kind::kAcmeLog},
    Mark{"\"addressUsed\"", Kind::kAcmeLog},
    Mark{"\"validationRecord\"", Kind::kAcmeLog},
    Mark{"\"type\": \"urn:", Kind::kAcmeLog},
    Mark{"\"type\": \"http-01\"", Kind::kAcmeLog},
    Mark{"errordetail=", Kind::kAcmeLog},
    Mark{"# INFO: Using main config file", Kind::kAcmeLog},
    Mark{"# INFO: Running ", Kind::kAcmeLog},
    Mark{"ERROR: Challenge is invalid!", Kind::kAcmeLog},
    Mark{"Order status is ", Kind::kAcmeLog},
    Mark{"Timed out waiting for processing of order", Kind::kAcmeLog},

    Mark{"[renewalparams]", Kind::kRenewalConf},
    Mark{"[[webroot_map]]", Kind::kRenewalConf},
    Mark{"renew_before_expiry = ", Kind::kRenewalConf},
    Mark{"# renew_before_expiry = ", Kind::kRenewalConf},
    Mark{"archive_dir = ", Kind::kRenewalConf},
    Mark{"authenticator = ", Kind::kRenewalConf},
    Mark{"installer = ", Kind::kRenewalConf},
    Mark{"renew_hook = ", Kind::kRenewalConf},
    Mark{"pre_hook = ", Kind::kRenewalConf},
    Mark{"post_hook = ", Kind::kRenewalConf},
    Mark{"webroot_path = ", Kind::kRenewalConf},
    Mark{"key_type = ", Kind::kRenewalConf},
    Mark{"fullchain = ", Kind::kRenewalConf},
    Mark{"privkey = ", Kind::kRenewalConf},
    Mark{"cert = /", Kind::kRenewalConf},
    Mark{"chain = /", Kind::kRenewalConf},
    Mark{"server = http", Kind::kRenewalConf},
    Mark{"reuse_key = ", Kind::kRenewalConf},

    Mark{"Desired=Unknown/Install/", Kind::kModules},
    Mark{"||/ Name ", Kind::kModules},
    Mark{"ii  ", Kind::kModules},
    Mark{"rc  ", Kind::kModules},
    Mark{"iU  ", Kind::kModules},
    Mark{"iF  ", Kind::kModules},
    Mark{"hi  ", Kind::kModules},

    Mark{"Netid ", Kind::kSockets},
    Mark{"State  ", Kind::kSockets},
    Mark{"Proto Recv-Q", Kind::kSockets},
    Mark{"Active Internet connections", Kind::kSockets},
    Mark{"Active UNIX domain sockets", Kind::kSockets},
    Mark{"LISTEN ", Kind::kSockets},
    Mark{"ESTAB ", Kind::kSockets},
    Mark{"CLOSE-WAIT ", Kind::kSockets},
    Mark{"TIME-WAIT ", Kind::kSockets},
    Mark{"COMMAND  ", Kind::kSockets},

    Mark{"Program terminated with signal", Kind::kBacktrace},
    Mark{"Program received signal", Kind::kBacktrace},
    Mark{"Core was generated by", Kind::kBacktrace},
    Mark{"[New LWP ", Kind::kBacktrace},
    Mark{"[New Thread ", Kind::kBacktrace},
    Mark{"[Switching to ", Kind::kBacktrace},
    Mark{"[Current thread is ", Kind::kBacktrace},
    Mark{"[Thread debugging using", Kind::kBacktrace},
    Mark{"Using host libthread_db", Kind::kBacktrace},
    Mark{"Reading symbols from ", Kind::kBacktrace},
    Mark{"Missing separate debuginfo", Kind::kBacktrace},
    Mark{"(gdb)", Kind::kBacktrace},
    Mark{"Stack trace of thread ", Kind::kBacktrace},
    Mark{"======= Backtrace: ", Kind::kBacktrace},
    Mark{"Command Line: ", Kind::kBacktrace},
    Mark{"Executable: ", Kind::kBacktrace},
    Mark{"Message: Process ", Kind::kBacktrace},
    Mark{"[<0>] ", Kind::kBacktrace},
    Mark{"[<ffffffff", Kind::kBacktrace},

    Mark{"-----BEGIN CERTIFICATE", Kind::kCertificate},
    Mark{"-----BEGIN TRUSTED CERTIFICATE", Kind::kCertificate},
    Mark{"-----BEGIN X509", Kind::kCertificate},
    Mark{"-----END CERTIFICATE", Kind::kCertificate},
    Mark{"Certificate:", Kind::kCertificate},
    Mark{"Certificate chain", Kind::kCertificate},
    Mark{"notAfter=", Kind::kCertificate},
    Mark{"notBefore=", Kind::kCertificate},
    Mark{"subject=", Kind::kCertificate},
    Mark{"issuer=", Kind::kCertificate},
    Mark{"Not After :", Kind::kCertificate},
    Mark{"Not Before:", Kind::kCertificate},
    Mark{"Subject Public Key Info:", Kind::kCertificate},
    Mark{"X509v3 ", Kind::kCertificate},
    Mark{"verify error:num=", Kind::kCertificate},
    Mark{"Verify return code:", Kind::kCertificate},

    Mark{"======= Memory map: ", Kind::kMaps},
    Mark{"Limit                     Soft Limit", Kind::kLimits},
};

// What decides wherever it stands in a line.
constexpr std::array kInside = {
    Mark{": Assertion `", Kind::kErrorLog},
    Mark{": Assertion '", Kind::kErrorLog},
    Mark{" lua atpanic: ", Kind::kErrorLog},
    Mark{"segfault at ", Kind::kKernelLog},
    Mark{" general protection fault", Kind::kKernelLog},
    Mark{" trap invalid opcode", Kind::kKernelLog},
    Mark{" trap divide error", Kind::kKernelLog},
    Mark{" invoked oom-killer", Kind::kKernelLog},
    Mark{"Killed process ", Kind::kKernelLog},
    Mark{".service: ", Kind::kSystemd},
    Mark{"urn:ietf:params:acme", Kind::kAcmeLog},
    Mark{"urn:acme:error", Kind::kAcmeLog},
    Mark{"/.well-known/acme-challenge/", Kind::kAcmeLog},
    Mark{"users:((\"", Kind::kSockets},
};

// Words of messages that people paste without time, level and pid. Only asked for when nothing else
// decided and the text around is not an error log already.
constexpr std::array<std::string_view, 36> kMessageWords = {
    " exited on signal ",
    " exited with code ",
    " exited with fatal code ",
    "shared memory zone \"",
    "worker_connections are not enough",
    "() failed (",
    "() failed SSL: ",
    "() failed while ",
    "ngx_slab_alloc() failed",
    "could not allocate ",
    " while connecting to upstream",
    " while reading response header from upstream",
    " while reading upstream",
    " while SSL handshaking",
    " while requesting certificate status",
    "upstream sent ",
    "upstream timed out",
    "upstream prematurely closed",
    "no live upstreams",
    "host not found in upstream",
    " could not be resolved (",
    "unknown directive \"",
    " instead of ",
    "\" failed (",
    "invalid number of arguments in \"",
    "directive is not allowed here",
    "directive is duplicate",
    " is not binary compatible",
    "no \"ssl_certificate\" is defined",
    "cache file ",
    "limiting requests, excess",
    "client intended to send too large body",
    "conflicting server name",
    "open socket #",
    "signal process started",
    "invalid PID number",
};

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

// "2026/04/21 23:18:20 [" by a few byte comparisons: this runs for every line of huge logs.
bool is_dated_error_line(std::string_view s) {
  return s.size() > 24 && s[4] == '/' && s[7] == '/' && s[10] == ' ' && s[13] == ':' &&
         s[16] == ':' && s[19] == ' ' && s[20] == '[' && digit(s[0]) && digit(s[9]) &&
         digit(s[18]) && lower_case(s[21]);
}

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

// "-rw-r--r-- 1 root root 3245 …", also namei -l.
bool is_listing_line(std::string_view s) {
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
  if (s.substr(0, 4) == "Max " && s.size() > 30 && contains(s, "   ")) return true;
  const size_t at = s.find(", -");
  const size_t open = s.find("(-");
  const size_t flag = open != std::string_view::npos ? open : at;
  return flag != std::string_view::npos && s.find(") ") != std::string_view::npos &&
         (s.substr(0, 11) == "open files " || s.substr(0, 15) == "core file size " ||
          s.substr(0, 14) == "max user proce");
}

// gdb and coredumpctl frames, glibc's own backtrace, valgrind and sanitizers.
bool is_backtrace_line(std::string_view s) {
  if (s[0] == '#' && s.size() > 4 && digit(s[1])) {
    size_t i = 1;
    while (i < s.size() && digit(s[i])) ++i;
    return i <= 5 && i + 1 < s.size() && s[i] == ' ' &&
           s.find_first_not_of(' ', i) != std::string_view::npos;
  }
  if (s[0] == '0' && s.size() > 8 && s[1] == 'x' && contains(s, " in ")) return true;
  if (s[0] == '=' && s[1] == '=' && s.size() > 6 && digit(s[2]) && contains(s.substr(2), "=="))
    return true;
  // "nginx: worker process(ngx_memalign+0x2f)[0x55ac85ce48bf]"
  if (s.back() == ']') {
    const size_t at = s.rfind("[0x");
    if (at != std::string_view::npos && at > 0 && (s[at - 1] == ')' || word(s[at - 1])))
      return true;
  }
  // "ngx_clean_old_cycles (ev=0x5555…) at src/core/ngx_cycle.c:1403"
  if (const size_t at = s.rfind(") at "); at != std::string_view::npos && contains(s, " (")) {
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

bool is_ps_line(std::string_view s) {
  for (const std::string_view title :
       {"nginx: master process", "nginx: worker process", "nginx: cache ",
        "nginx: privileged agent", "angie: master process", "angie: worker process",
        "angie: cache "})
    if (contains(s, title)) return true;
  if (contains(s, " PID ") || s.substr(0, 4) == "PID " ||
      (s.size() > 4 && s.substr(s.size() - 4) == " PID"))
    return contains(s, "CMD") || contains(s, "COMMAND") || contains(s, "PPID") ||
           contains(s, "%CPU");
  return false;
}

// dpkg -l and rpm names are among kBeginnings or here: "vts 0.1.13", "nginx-1.20.1-14.el9.x86_64".
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
  if (s == "}" || s == "{" || s == "};" || s == "});") return !strict;
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
  // The first line of a directive that goes on ("proxy_set_header X" is too weak; log_format is
  // not).
  return !strict && (name == "log_format" || name == "server_name" || name == "if");
}

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

// A line without frame. kUnknown and decided == false: nothing decides.
struct Verdict {
  bool decided = false;
  Kind kind = Kind::kUnknown;
};

Verdict judge(std::string_view s, Kind current) {
  const auto is = [](Kind kind) { return Verdict{true, kind}; };
  if (is_error_line(s)) return is(Kind::kErrorLog);
  const char c = s[0];
  if (c == '[') {
    if (is_kernel_line(s)) return is(Kind::kKernelLog);
    if (is_acme_sh_line(s)) return is(Kind::kAcmeLog);
  }
  if (is_access_line(s)) return is(Kind::kAccessLog);
  if (digit(c) || (c >= 'a' && c <= 'f')) {
    if (is_certbot_line(s)) return is(Kind::kAcmeLog);
    if (is_dpkg_log_line(s)) return is(Kind::kModules);
    if (is_maps_line(s)) return is(Kind::kMaps);
  }
  for (const Mark& mark : kBeginnings)
    if (c == mark.text[0] && begins(s, mark.text)) return is(mark.kind);
  for (const Mark& mark : kInside)
    if (contains(s, mark.text)) return is(mark.kind);
  if (is_backtrace_line(s)) return is(Kind::kBacktrace);
  if (is_listing_line(s)) return is(Kind::kListing);
  if (is_ps_line(s)) return is(Kind::kPs);
  if (is_limits_line(s)) return is(Kind::kLimits);
  if (is_dehydrated_line(s)) return is(Kind::kAcmeLog);
  // ss and netstat rows, lsof rows of nginx.
  if ((begins(s, "tcp") || begins(s, "udp") || begins(s, "u_str")) &&
      (contains(s, " LISTEN") || contains(s, " ESTAB") || contains(s, "-WAIT") ||
       contains(s, "_WAIT")))
    return is(Kind::kSockets);
  if (begins(s, "nginx ") && (contains(s, " IPv4 ") || contains(s, " IPv6 ") ||
                              contains(s, " REG ") || contains(s, " unix ")))
    return is(Kind::kSockets);
  // A Go controller's log ("I1029 12:30:16.906015      10 controller.go:177] …") among nginx's
  // lines.
  if (s.size() > 30 && (c == 'I' || c == 'W' || c == 'E' || c == 'F') && digit(s[1]) &&
      digit(s[4]) && s[5] == ' ' && s[8] == ':' && s[11] == ':' && s[14] == '.')
    return is(Kind::kUnknown);
  const bool strict = current != Kind::kUnknown && current != Kind::kConfig;
  if (is_config_line(s, strict)) return is(Kind::kConfig);
  if (current != Kind::kErrorLog && current != Kind::kConfig) {
    for (const std::string_view words : kMessageWords)
      if (contains(s, words)) return is(Kind::kErrorLog);
    if (current != Kind::kBacktrace && is_module_line(s)) return is(Kind::kModules);
  }
  return {};
}

Kind by_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  const std::string name =
      base::lower(slash == std::string_view::npos ? path : path.substr(slash + 1));
  struct NameMark {
    std::string_view part;
    Kind kind;
  };
  static constexpr NameMark kNames[] = {
      {"error", Kind::kErrorLog},
      {"access", Kind::kAccessLog},
      {"nginx-v", Kind::kNginxVersion},
      {"kern", Kind::kKernelLog},
      {"dmesg", Kind::kKernelLog},
      {"certbot", Kind::kAcmeLog},
      {"letsencrypt", Kind::kAcmeLog},
      {"dehydrated", Kind::kAcmeLog},
      {"renewal", Kind::kRenewalConf},
      {"modules", Kind::kModules},
      {"backtrace", Kind::kBacktrace},
      {"systemd", Kind::kSystemd},
      {"journal", Kind::kSystemd},
      {"nginx.conf", Kind::kConfig},
      {"ps.txt", Kind::kPs},
  };
  for (const NameMark& mark : kNames)
    if (contains(name, mark.part)) return mark.kind;
  return Kind::kUnknown;
}

}  // namespace

Kind recognise_line(std::string_view line, Kind current) {
  if (is_dated_error_line(line)) return Kind::kErrorLog;
  std::string_view s = base::trim(line.substr(0, kJudged));
  if (s.empty()) return current;
  if (current == Kind::kAccessLog && is_access_line(s)) return current;
  const LineFrame frame = line_frame(s);
  s = base::trim(frame.rest);
  const bool framed = frame.rest.data() != line.data() && frame.framed;
  if (s.empty()) return current;
  // The kernel and systemd say who they are, whatever they quote.
  if (frame.tag == "kernel") return Kind::kKernelLog;
  const Verdict verdict = judge(s, framed ? Kind::kUnknown : current);
  if (frame.tag == "systemd") return Kind::kSystemd;
  if (!frame.tag.empty()) {
    if (verdict.decided && verdict.kind != Kind::kConfig && verdict.kind != Kind::kModules)
      return verdict.kind;
    if (frame.tag == "nginx" || frame.tag == "angie" || frame.tag == "openresty")
      return Kind::kErrorLog;
    if (frame.tag == "certbot" || frame.tag == "dehydrated" || frame.tag == "acme.sh")
      return Kind::kAcmeLog;
    return Kind::kSystemd;
  }
  return verdict.decided ? verdict.kind : current;
}

Kind recognise_text(std::string_view head, std::string_view name) {
  constexpr size_t kLines = 400;
  std::array<size_t, 32> votes{};
  std::string_view rest = head;
  for (size_t i = 0; i < kLines && !rest.empty(); ++i) {
    const Kind kind = recognise_line(base::take_line(rest), Kind::kUnknown);
    ++votes[static_cast<size_t>(kind)];
  }
  votes[static_cast<size_t>(Kind::kUnknown)] = 0;
  const auto best = std::max_element(votes.begin(), votes.end());
  if (*best == 0) return by_name(name);
  return static_cast<Kind>(best - votes.begin());
}

bool is_binary(std::string_view head) {
  if (head.empty()) return false;
  for (const std::string_view magic :
       {std::string_view("\x7f"
                         "ELF"),
        std::string_view("\x89PNG"), std::string_view("GIF8"), std::string_view("\xff\xd8\xff"),
        std::string_view("%PDF-"), std::string_view("!<arch>\n")})
    if (begins(head, magic)) return true;
  // nginx logs may hold a few NUL and escape bytes (nothing is escaped, CVE-2009-4487; a rotated
  // file may begin with a hole of NULs), so only a text that is largely control bytes is refused.
  const std::string_view judged = head.substr(0, 8192);
  size_t strange = 0;
  for (const char c : judged) {
    const auto byte = static_cast<unsigned char>(c);
    strange += byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\x1b';
  }
  if (strange * 10 < judged.size()) return false;
  // A log truncated by copytruncate has one hole of NULs and then lines.
  const size_t text = head.find_first_not_of('\0');
  return text == std::string_view::npos || !is_dated_error_line(head.substr(text));
}

}  // namespace ngxdiag::source

// Writes an error log of a chosen mix and size, and the true id of every line. The same seed gives
// the same bytes. Not a test by itself: tests/analyze/log_exactness.py and bench/logs_speed.py use
// it.
//   generate storm|mixed|quiet|uniform BYTES SEED LOG [TRUTH]
// storm: workers that die on signal 6 a hundred times a second for 14 hours, each with its locked
// zone; mixed: upstream trouble, missing files, TLS, limits, notices, Lua traces, garbage; quiet:
// upstream errors and five crashes; uniform: every format of rules/data/messages.tsv equally often
// with random values, context and errno. A line of TRUTH is an id, "-" for a line that is no record
// of its own, or "?" for a record that no format prints.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/base/time.h"

using namespace ngxdiag;

namespace {

constexpr size_t kFlush = 1u << 20;
constexpr int64_t kMaxPid = 4194304;

// splitmix64: the same on every machine, unlike the distributions of <random>.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  size_t below(size_t count) { return next() % count; }
  template <size_t N>
  std::string_view of(const std::array<std::string_view, N>& list) {
    return list[below(N)];
  }

 private:
  uint64_t state_;
};

constexpr std::array<std::string_view, 8> kLevels{"emerg", "alert",  "crit", "error",
                                                  "warn",  "notice", "info", "debug"};
constexpr std::array<std::string_view, 8> kHosts{
    "www.example.org",    "shop.example.org",  "api.example.net", "static.example.com",
    "internal.corp.test", "login.example.org", "a.example",       "cdn-7.example.net"};
constexpr std::array<std::string_view, 10> kPaths{"index.php",
                                                  "api/v1/items",
                                                  "wp-login.php",
                                                  "static/js/app.8f3a.js",
                                                  "images/logo%20big.png",
                                                  "cart/checkout",
                                                  "a/b/c/d/e/f.html",
                                                  "search",
                                                  ".well-known/acme-challenge/x7",
                                                  "rss.xml"};
constexpr std::array<std::string_view, 6> kErrnos{
    " (2: No such file or directory)",  " (13: Permission denied)",
    " (104: Connection reset by peer)", " (110: Connection timed out)",
    " (111: Connection refused)",       " (11: Resource temporarily unavailable)"};
constexpr std::array<std::string_view, 6> kPhases{
    " while connecting to upstream", " while reading response header from upstream",
    " while reading upstream",       " while SSL handshaking",
    " while sending to client",      " while waiting for request"};

class Writer {
 public:
  Writer(const char* log, const char* truth, uint64_t bytes)
      : log_(std::fopen(log, "wb")),
        truth_(truth ? std::fopen(truth, "wb") : nullptr),
        left_(bytes) {
    if (!log_ || (truth && !truth_)) std::exit(66);
  }
  ~Writer() {
    flush();
    std::fclose(log_);
    if (truth_) std::fclose(truth_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // One line; false when the size is reached.
  bool line(std::string_view text, std::string_view id) {
    if (text.size() + 1 > left_) return false;
    left_ -= text.size() + 1;
    out_.append(text).push_back('\n');
    if (truth_) ids_.append(id).push_back('\n');
    if (out_.size() >= kFlush) flush();
    return true;
  }

 private:
  void flush() {
    std::fwrite(out_.data(), 1, out_.size(), log_);
    if (truth_) std::fwrite(ids_.data(), 1, ids_.size(), truth_);
    out_.clear();
    ids_.clear();
  }
  FILE* log_;
  FILE* truth_;
  uint64_t left_;
  std::string out_, ids_;
};

class Mix {
 public:
  Mix(uint64_t seed, Writer& out) : dice_(seed), out_(out) {
    time_ = *base::civil(2026, 4, 21) + static_cast<int64_t>(dice_.below(86400));
  }

  void storm() {
    int64_t pid = 20000, master = 812;
    for (;;) {
      if (dice_.below(105) == 0) tick(1);
      if (++pid == kMaxPid) pid = 300;
      const std::string number = std::to_string(pid);
      if (!put("alert", master, 0, "worker process " + number + " exited on signal 6",
               "process.exited-on-signal"))
        return;
      if (!put("alert", master, 0, "shared memory zone \"memstore\" was locked by " + number,
               "process.shared-memory-zone-was-locked-by"))
        return;
      if (dice_.below(100) == 0 && !notice(master)) return;
    }
  }

  void mixed() {
    for (;;) {
      if (dice_.below(40) == 0) tick(1 + dice_.below(3));
      const size_t kind = dice_.below(1000);
      bool more = true;
      if (kind < 600)
        more = upstream_error();
      else if (kind < 750)
        more = missing_file();
      else if (kind < 850)
        more = handshake();
      else if (kind < 900)
        more = limited();
      else if (kind < 950)
        more = notice(800 + static_cast<int64_t>(dice_.below(64)));
      else if (kind < 980)
        more = lua_trace();
      else if (kind < 990)
        more = crash();
      else
        more = garbage();
      if (!more) return;
    }
  }

  void quiet(uint64_t bytes) {
    // Five crashes, spread over the lines that this many bytes are about to hold.
    const uint64_t lines = bytes / 380 + 1;
    for (uint64_t i = 0;; ++i) {
      if (dice_.below(4) == 0) tick(1 + dice_.below(4));
      if (i % (lines / 5 + 1) == lines / 10 && !crash()) return;
      if (!upstream_error(true)) return;
    }
  }

  void uniform() {
    struct Row {
      std::string_view id, format;
      std::vector<std::string_view> levels, alternatives;
      std::string_view kind, use;
      size_t argument = 0;
    };
    std::vector<Row> rows;
    std::string_view table = base::builtin_data("messages.tsv");
    while (!table.empty()) {
      const std::string_view text = base::take_line(table);
      const auto cells = base::split(text, '\t');
      if (text[0] == '#' || cells.size() != 7) continue;
      Row row{cells[0], cells[6], base::split(cells[1], ','), {}, cells[2], cells[3], 0};
      if (const size_t equals = cells[5].find('='); equals != std::string_view::npos) {
        row.argument = static_cast<size_t>(*base::parse_int(cells[5].substr(0, equals)));
        row.alternatives = base::split(cells[5].substr(equals + 1), '|');
      }
      rows.push_back(std::move(row));
    }
    for (;;) {
      if (dice_.below(50) == 0) tick(1);
      const Row& row = rows[dice_.below(rows.size())];
      std::string text = print(row.format, row.argument, row.alternatives);
      if (row.kind == "ssl" && dice_.below(2))
        text += " (SSL: error:0A00006C:SSL routines::bad key share)";
      if (row.use == "1" || (row.use == "?" && dice_.below(2))) text += dice_.of(kErrnos);
      if (row.kind == "conf")
        text += dice_.below(9)
                    ? " in /etc/nginx/sites-enabled/site-" + number(100) + ".conf:" + number(900)
                    : std::string(" in command line");
      const std::string_view level = row.levels[dice_.below(row.levels.size())];
      if (row.kind == "stderr") {
        if (!out_.line(
                "nginx: " + (level == "stderr" ? "" : "[" + std::string(level) + "] ") + text,
                row.id))
          return;
        continue;
      }
      const bool connection = row.kind != "conf" && dice_.below(2);
      if (connection) {
        if (dice_.below(2)) text += dice_.of(kPhases);
        text += context(dice_.below(2) == 0);
      }
      if (!put(level, 700 + static_cast<int64_t>(dice_.below(3000)),
               connection ? 1 + dice_.below(9999999) : 0, text, row.id))
        return;
    }
  }

 private:
  void tick(uint64_t seconds) { time_ += static_cast<int64_t>(seconds); }
  std::string number(size_t below) { return std::to_string(dice_.below(below)); }
  std::string address() {
    return number(223) + "." + number(256) + "." + number(256) + "." + number(256);
  }
  std::string peer() { return "10." + number(4) + ".3." + number(40) + ":" + number(9) + "080"; }

  bool put(std::string_view level, int64_t pid, uint64_t connection, std::string_view message,
           std::string_view id) {
    if (time_ != stamped_) {
      stamp_ = base::format_civil(time_);
      stamp_[4] = stamp_[7] = '/';
      stamped_ = time_;
    }
    std::string line = stamp_;
    line.append(" [").append(level).append("] ");
    const std::string process = std::to_string(pid);
    line.append(process).append("#").append(process).append(": ");
    if (connection) line.append("*").append(std::to_string(connection)).append(" ");
    line.append(message);
    return out_.line(line, id);
  }

  std::string request() {
    std::string out = dice_.below(5) ? "GET /" : "POST /";
    out.append(dice_.of(kPaths));
    if (dice_.below(3) == 0) out += "?id=" + number(100000) + "&from=" + number(1000);
    return out + " HTTP/1." + (dice_.below(9) ? "1" : "0");
  }

  std::string context(bool upstream, bool longer = false) {
    const std::string_view host = dice_.of(kHosts);
    std::string out = ", client: " + address() + ", server: " + std::string(host) +
                      ", request: \"" + request() + "\"";
    if (upstream)
      out += ", upstream: \"http://" + peer() + "/" + std::string(dice_.of(kPaths)) + "\"";
    out.append(", host: \"").append(host).append("\"");
    if (longer || dice_.below(4) == 0)
      out.append(", referrer: \"https://")
          .append(host)
          .append("/")
          .append(dice_.of(kPaths))
          .append("\"");
    return out;
  }

  uint64_t connection() { return connection_ += 1 + dice_.below(3); }
  int64_t worker() { return 900 + static_cast<int64_t>(dice_.below(16)); }

  bool upstream_error(bool longer = false) {
    static constexpr std::array<std::array<std::string_view, 3>, 5> kErrors{{
        {"error", "connect() failed (111: Connection refused) while connecting to upstream",
         "common.connect-failed"},
        {"error",
         "upstream timed out (110: Connection timed out) while reading response header from "
         "upstream",
         "common.upstream-timed-out"},
        {"error",
         "recv() failed (104: Connection reset by peer) while reading response header from "
         "upstream",
         "common.recv-failed"},
        {"error",
         "upstream prematurely closed connection while reading response header from upstream",
         "upstream.upstream-prematurely-closed-connection"},
        {"error", "no live upstreams while connecting to upstream", "common.no-live-upstreams"},
    }};
    if (dice_.below(14) == 0)
      return put(
          "warn", worker(), connection(),
          "an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/" +
              number(10) + "/" + number(90) + "/00000" + number(99999) + " while reading upstream" +
              context(true, longer),
          "core.text");
    const auto& error = kErrors[dice_.below(kErrors.size())];
    return put(error[0], worker(), connection(), std::string(error[1]) + context(true, longer),
               error[2]);
  }

  bool missing_file() {
    return put("error", worker(), connection(),
               "open() \"/usr/share/nginx/html/" + std::string(dice_.of(kPaths)) + number(1000) +
                   "\" failed (2: No such file or directory)" + context(false),
               "common.open-failed-2");
  }

  bool handshake() {
    if (dice_.below(2))
      return put("info", worker(), connection(),
                 "client closed connection while SSL handshaking, client: " + address() +
                     ", server: 0.0.0.0:443",
                 "common.client-closed-connection");
    return put(
        "crit", worker(), connection(),
        "SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL "
        "handshaking, client: " +
            address() + ", server: 0.0.0.0:443",
        "common.ssl_do_handshake-failed");
  }

  bool limited() {
    return put("error", worker(), connection(),
               "limiting requests, excess: " + number(50) + "." +
                   std::to_string(100 + dice_.below(900)) + " by zone \"perip\"" + context(false),
               "http-limit-req.limiting-requests-excess-by-zone");
  }

  bool notice(int64_t pid) {
    switch (dice_.below(4)) {
      case 0:
        return put("notice", pid, 0, "gracefully shutting down",
                   "process.gracefully-shutting-down");
      case 1: return put("notice", pid, 0, "exiting", "process.exiting");
      case 2:
        return put("notice", pid, 0,
                   "start worker process " + std::to_string(20000 + dice_.below(9999)),
                   "process.start");
      default:
        return put("notice", pid, 0,
                   "signal 17 (SIGCHLD) received from " + std::to_string(20000 + dice_.below(9999)),
                   "process.signal-received-from");
    }
  }

  bool lua_trace() {
    const std::string file = "/usr/share/lua/5.1/app/" + number(20) + ".lua:" + number(400);
    return put("error", worker(), connection(),
               "lua entry thread aborted: runtime error: " + file +
                   ": attempt to index a nil value",
               "lua.lua-entry-thread-aborted") &&
           out_.line("stack traceback:", "-") && out_.line("coroutine 0:", "-") &&
           out_.line("\t" + file + ": in function 'handler'", "-") &&
           out_.line("\t[C]: in function 'xpcall'" + context(false), "-");
  }

  bool crash() {
    const std::string pid = std::to_string(20000 + dice_.below(9999));
    return put("alert", 812, 0, "worker process " + pid + " exited on signal 6 (core dumped)",
               "process.exited-on-signal") &&
           put("alert", 812, 0, "shared memory zone \"memstore\" was locked by " + pid,
               "process.shared-memory-zone-was-locked-by");
  }

  bool garbage() {
    std::string text;
    switch (dice_.below(4)) {
      case 0:
        for (size_t i = dice_.below(300); i > 0; --i)
          text += static_cast<char>(dice_.next() | 0x80);
        return out_.line(text, "-");
      case 1: return out_.line(std::string(1 + dice_.below(40), '\0'), "-");
      case 2:
        return put("error", worker(), connection(), "a text that no format prints " + number(99),
                   "?");
      default:
        text.assign(2000 + dice_.below(dice_.below(10) ? 4000 : 88000), 'A');
        return put("error", worker(), connection(),
                   "open() \"/srv/" + text + "\" failed (36: File name too long)" + context(false),
                   "common.open-failed-2");
    }
  }

  std::string value() {
    static constexpr std::array<std::string_view, 16> kTexts{"/usr/share/nginx/html/favicon.ico",
                                                             "worker process",
                                                             "example.org",
                                                             "_",
                                                             "unix:/run/app.sock",
                                                             "memstore",
                                                             "proxy_pass",
                                                             "backend",
                                                             "0.0.0.0:443",
                                                             "one, two: three (4)",
                                                             "\xc3\xbc"
                                                             "ber",
                                                             "",
                                                             "off",
                                                             "a \"quoted\" b",
                                                             "[2001:db8::1]:80",
                                                             "SELECT 1"};
    switch (dice_.below(4)) {
      case 0: return std::string(dice_.of(kTexts));
      case 1: return "/srv/" + std::string(dice_.of(kPaths)) + number(100000);
      case 2: return address() + ":" + number(65536);
      default: {
        std::string out;
        for (size_t i = 1 + dice_.below(24); i > 0; --i)
          out += "abcdefghijklmnopqrstuvwxyz0123456789-_./"[dice_.below(40)];
        return out;
      }
    }
  }

  std::string print(std::string_view format, size_t argument,
                    const std::vector<std::string_view>& alternatives) {
    std::string out;
    size_t place = 0;
    for (size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%') {
        out += format[i];
        continue;
      }
      bool hex = false, is_unsigned = false;
      for (++i; i < format.size(); ++i) {
        if (format[i] == 'x' || format[i] == 'X')
          hex = true;
        else if (format[i] == 'u')
          is_unsigned = true;
        else if (!std::strchr("0123456789.*-", format[i]))
          break;
      }
      if (i == format.size() || format[i] == '%') {
        out += '%';
        continue;
      }
      ++place;
      const uint64_t random = dice_.next();
      char buffer[40];
      switch (format[i]) {
        case 'V':
        case 'v':
        case 's':
          if (place == argument)
            out += alternatives[dice_.below(alternatives.size())];
          else
            out += hex ? std::string("0af37b") : value();
          continue;
        case 'c': out += static_cast<char>('a' + random % 26); continue;
        case 'p':
          std::snprintf(buffer, sizeof buffer, "%016llX", static_cast<unsigned long long>(random));
          break;
        case 'f':
          std::snprintf(buffer, sizeof buffer, "%u.%03u", static_cast<unsigned>(random % 100),
                        static_cast<unsigned>(random % 1000));
          break;
        default: {
          const auto small = static_cast<unsigned>(random % (random % 3 ? 60 : 1000000));
          std::snprintf(buffer, sizeof buffer,
                        hex                         ? "%x"
                        : is_unsigned || random % 5 ? "%u"
                                                    : "-%u",
                        small);
        }
      }
      out += buffer;
    }
    return out;
  }

  Dice dice_;
  Writer& out_;
  base::CivilTime time_ = 0, stamped_ = -1;
  std::string stamp_;
  uint64_t connection_ = 1000;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: generate storm|mixed|quiet|uniform BYTES SEED LOG [TRUTH]\n", stderr);
    return 64;
  }
  const std::string_view name = argv[1];
  const uint64_t bytes = std::strtoull(argv[2], nullptr, 10);
  Writer out(argv[4], argc > 5 ? argv[5] : nullptr, bytes);
  Mix mix(std::strtoull(argv[3], nullptr, 10), out);
  if (name == "storm")
    mix.storm();
  else if (name == "mixed")
    mix.mixed();
  else if (name == "quiet")
    mix.quiet(bytes);
  else if (name == "uniform")
    mix.uniform();
  else
    return 64;
  return 0;
}

#include "libdiag/parse/kernel_log.h"

#include <array>

#include "libdiag/parse/scan.h"
#include "libdiag/parse/system_log.h"

namespace ngxdiag::parse {
namespace {

constexpr int64_t kPageSize = 4096;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// "[Thu Jun 30 04:27:42 2022] " of `dmesg -T`.
bool eat_dmesg_clock(std::string_view& rest, std::optional<base::CivilTime>& time) {
  // Weekday, month, day padded to two, clock, year: always 26 bytes with the brackets.
  if (rest.size() < 26 || rest[0] != '[' || rest[25] != ']' || rest[4] != ' ' || rest[20] != ' ')
    return false;
  std::string_view year_text = rest.substr(21, 4);
  int64_t year = 0;
  if (!eat_number(year_text, year) || !year_text.empty()) return false;
  const auto middle = base::civil(static_cast<int>(year), 7, 1);
  time = middle ? base::parse_syslog_time(rest.substr(5, 15), *middle) : std::nullopt;
  rest.remove_prefix(26);
  skip_blanks(rest);
  return true;
}

// "[3619581.644342] "; "[13918] " without a point is a row of the task table.
bool eat_seconds(std::string_view& rest) {
  std::string_view text = rest;
  int64_t number = 0;
  if (!eat(text, "[")) return false;
  skip_blanks(text);
  if (!eat_number(text, number) || !eat(text, ".") || !eat_number(text, number)) return false;
  if (!eat(text, "]")) return false;
  skip_blanks(text);
  rest = text;
  return true;
}

// Framing before the kernel's own words. "kern  :info  : [12.3] " is `dmesg -x`.
std::string_view strip_kernel_frame(std::string_view line, base::CivilTime near,
                                    std::optional<base::CivilTime>& time) {
  skip_blanks(line);
  if (const auto system = parse_system_line(line, near); system && system->pid == 0) {
    time = system->time;
    line = system->message;
  }
  if (line.starts_with("kern ")) {
    if (const size_t bracket = line.find('['); bracket != std::string_view::npos && bracket < 24)
      line.remove_prefix(bracket);
  }
  eat(line, "kernel: ");
  std::string_view priority = line;
  int64_t number = 0;
  if (eat(priority, "<") && eat_number(priority, number) && eat(priority, ">")) line = priority;
  skip_blanks(line);
  if (!eat_dmesg_clock(line, time)) eat_seconds(line);
  // journalctl -k of older systems keeps both.
  eat(line, "kernel: ");
  return line;
}

// "nginx[6579]: " or "nginx[6579] " before the verb; what is no number leaves pid 0.
void read_process(std::string_view head, KernelLine& out) {
  while (!head.empty() && (is_blank(head.back()) || head.back() == ':')) head.remove_suffix(1);
  const size_t open = head.rfind('[');
  if (open == std::string_view::npos || !head.ends_with(']')) return;
  std::string_view digits = head.substr(open + 1, head.size() - open - 2);
  if (!eat_number(digits, out.pid) || !digits.empty()) out.pid = 0;
  std::string_view name = head.substr(0, open);
  // "traps: nginx[…]", "show_signal_msg: 3 callbacks suppressed nginx[…]"
  if (const size_t space = name.rfind(' '); space != std::string_view::npos)
    name.remove_prefix(space + 1);
  out.process = name;
}

// The number behind `key`; false when it is not there or blanked out.
bool hex_after(std::string_view text, std::string_view key, uint64_t& value) {
  const size_t at = text.find(key);
  if (at == std::string_view::npos) return false;
  std::string_view rest = text.substr(at + key.size());
  skip_blanks(rest);
  std::string_view word = rest.substr(0, rest.find_first_of(" ,"));
  uint64_t number = 0;
  if (!eat_hex(word, number) || !word.empty()) return false;
  value = number;
  return true;
}

bool number_after(std::string_view text, std::string_view key, int64_t& value) {
  const size_t at = text.find(key);
  if (at == std::string_view::npos) return false;
  std::string_view rest = text.substr(at + key.size());
  return eat_number(rest, value);
}

// " in nginx[413000+b1000]"; Linux 6.8 and later "in nginx[1d2b,413000+b1000]"; cut: " in nginx".
void read_object(std::string_view text, KernelLine& out) {
  size_t at = text.rfind(" in ");
  if (at == std::string_view::npos) return;
  std::string_view rest = text.substr(at + 4);
  const size_t end = rest.find_first_of("[ ");
  out.object = rest.substr(0, end);
  if (end == std::string_view::npos || rest[end] != '[') return;
  rest.remove_prefix(end + 1);
  uint64_t first = 0;
  if (!eat_hex(rest, first)) return;
  if (eat(rest, ",") && !eat_hex(rest, first)) return;
  uint64_t size = 0;
  if (!eat(rest, "+") || !eat_hex(rest, size)) return;
  out.base = first;
  out.size = size;
}

void read_error(std::string_view text, std::string_view key, KernelLine& out) {
  uint64_t error = 0;
  if (hex_after(text, key, error) && error <= 0xffff) out.error = static_cast<int>(error);
}

bool read_segfault(std::string_view text, KernelLine& out) {
  const size_t at = text.find("segfault at ");
  const size_t arm = text.find("translation fault");
  if (at != std::string_view::npos) {
    read_process(text.substr(0, at), out);
    const std::string_view rest = text.substr(at);
    hex_after(rest, "segfault at ", out.address);
    if (!hex_after(rest, " ip ", out.ip)) hex_after(rest, " rip ", out.ip);
    if (!hex_after(rest, " sp ", out.sp)) hex_after(rest, " rsp ", out.sp);
    read_error(rest, " error ", out);
    read_object(rest, out);
  } else if (arm != std::string_view::npos && contains(text, "unhandled ")) {
    read_process(text.substr(0, text.find("unhandled ")), out);
    hex_after(text.substr(arm), " at ", out.address);
    read_object(text.substr(arm), out);
  } else {
    return false;
  }
  out.kind = KernelKind::kSegfault;
  return true;
}

bool read_trap(std::string_view text, KernelLine& out) {
  static constexpr std::array<std::string_view, 7> kTraps{
      "invalid opcode", "divide error", "general protection", "stack segment",
      "int3",           "bounds",       "alignment check"};
  // Kernels before 2.6.27 named the registers of x86-64: "rip:4a5d9b rsp:7ffc36362738".
  size_t ip = text.find(" ip:");
  const bool old = ip == std::string_view::npos;
  if (old) ip = text.find(" rip:");
  if (ip == std::string_view::npos) return false;
  const std::string_view head = text.substr(0, ip);
  for (const std::string_view trap : kTraps) {
    const size_t at = head.rfind(trap);
    if (at == std::string_view::npos) continue;
    out.trap = head.substr(at, trap.size());
    std::string_view process = head.substr(0, at);
    if (process.ends_with("trap ")) process.remove_suffix(5);
    read_process(process, out);
    hex_after(text, old ? " rip:" : " ip:", out.ip);
    hex_after(text, old ? " rsp:" : " sp:", out.sp);
    read_error(text, " error:", out);
    read_object(text, out);
    out.kind = KernelKind::kTrap;
    return true;
  }
  return false;
}

// "812 (nginx) total-vm:…", "812, UID 33, (nginx) total-vm:…"
bool read_victim(std::string_view rest, KernelLine& out) {
  if (!eat_number(rest, out.pid)) return false;
  const size_t open = rest.find('(');
  const size_t close = rest.find(')', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos && open < 24)
    out.process = rest.substr(open + 1, close - open - 1);
  int64_t anon = 0, file = 0;
  number_after(rest, "anon-rss:", anon);
  number_after(rest, "file-rss:", file);
  if (anon < (int64_t{1} << 50) && file < (int64_t{1} << 50)) out.rss_bytes = (anon + file) * 1024;
  return true;
}

// "oom-kill:constraint=CONSTRAINT_MEMCG,…,task=nginx,pid=812,uid=33"
bool read_oom_kill(std::string_view text, KernelLine& out) {
  if (!contains(text, "oom-kill:constraint=")) return false;
  const size_t task = text.find(",task=");
  if (task == std::string_view::npos || !number_after(text, ",pid=", out.pid)) return false;
  const std::string_view name = text.substr(task + 6);
  out.process = name.substr(0, name.find(','));
  out.kind = contains(text, "CONSTRAINT_MEMCG") ? KernelKind::kCgroupOom : KernelKind::kOomKilled;
  return true;
}

bool read_oom(std::string_view text, KernelLine& out) {
  const bool cgroup = contains(text, "emory cgroup out of memory");
  for (const std::string_view verb : {"Killed process ", "Kill process "}) {
    const size_t at = text.find(verb);
    if (at == std::string_view::npos || !read_victim(text.substr(at + verb.size()), out)) continue;
    out.kind = cgroup ? KernelKind::kCgroupOom : KernelKind::kOomKilled;
    return true;
  }
  if (read_oom_kill(text, out)) return true;
  if (const size_t at = text.find(" invoked oom-killer"); at != std::string_view::npos) {
    out.kind = KernelKind::kOomInvoked;
    out.process = text.substr(0, at);
    return true;
  }
  if (cgroup || contains(text, "killed as a result of limit of ")) {
    out.kind = KernelKind::kCgroupOom;
    return true;
  }
  return false;
}

// "[13918]   109 13918 17990351 16170643   35121      72  1768405             0 nginx": pid, uid,
// tgid, total_vm, rss, page tables (one to three columns), swap, oom_score_adj, name. In pages.
bool read_task_row(std::string_view text, KernelLine& out) {
  if (!eat(text, "[")) return false;
  skip_blanks(text);
  int64_t pid = 0;
  if (!eat_number(text, pid) || !eat(text, "]")) return false;
  skip_blanks(text);
  std::array<int64_t, 9> column{};
  size_t columns = 0;
  while (columns < column.size()) {
    std::string_view look = text;
    const std::string_view word = take_word(look);
    std::string_view digits = word;
    eat(digits, "-");  // oom_score_adj may be negative
    if (!eat_number(digits, column[columns]) || !digits.empty()) break;
    text = look;
    ++columns;
  }
  if (columns < 6 || text.empty()) return false;
  out.kind = KernelKind::kOomTask;
  out.pid = pid;
  out.process = text;
  if (column[3] < (int64_t{1} << 50)) out.rss_bytes = column[3] * kPageSize;
  return true;
}

// avc and AppArmor: `pid=812 comm="nginx"`.
void read_audit(std::string_view text, KernelLine& out) {
  number_after(text, " pid=", out.pid);
  const size_t at = text.find("comm=\"");
  if (at == std::string_view::npos) return;
  const std::string_view name = text.substr(at + 6);
  out.process = name.substr(0, name.find('"'));
}

bool read_other(std::string_view text, KernelLine& out) {
  if (contains(text, "Possible SYN flooding on port ")) {
    out.kind = KernelKind::kSynFlood;
    return true;
  }
  if (contains(text, "avc:") && contains(text, "denied")) {
    out.kind = KernelKind::kSelinuxDenied;
    read_audit(text, out);
    return true;
  }
  if (contains(text, "apparmor=\"DENIED\"")) {
    out.kind = KernelKind::kOther;
    read_audit(text, out);
    return true;
  }
  if (const size_t at = text.find("fork rejected by pids controller in ");
      at != std::string_view::npos) {
    out.kind = KernelKind::kPidsLimit;
    out.object = text.substr(at + 36);
    return true;
  }
  if (std::string_view rest = text;
      eat(rest, "INFO: task ") && contains(rest, " blocked for more than ")) {
    const size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return false;
    out.kind = KernelKind::kOther;
    out.process = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
    return eat_number(rest, out.pid);
  }
  return false;
}

}  // namespace

std::optional<KernelLine> parse_kernel_line(std::string_view line, base::CivilTime near) {
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  KernelLine out;
  const std::string_view text = strip_kernel_frame(line, near, out.time);
  if (read_task_row(text, out) || read_segfault(text, out) || read_trap(text, out) ||
      read_oom(text, out) || read_other(text, out))
    return out;
  return std::nullopt;
}

}  // namespace ngxdiag::parse

#include "libdiag/parse/backtrace.h"

#include <cstdint>

#include "libdiag/parse/log_frame.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

// A symbol of C or C++: "ngx_shmtx_lock", "std::basic_string<…>::assign", "operator()", "f@plt".
bool is_symbol(std::string_view text) {
  if (text.empty() || is_digit(text[0])) return false;
  for (const char c : text)
    if (!is_alpha(c) && !is_digit(c) &&
        std::string_view("_:<>~.,*&@$()[]= -+").find(c) == std::string_view::npos)
      return false;
  return true;
}

bool is_plain_symbol(std::string_view text) {
  return is_symbol(text) && text.find_first_of(" ,[]()=") == std::string_view::npos;
}

bool eat_address(std::string_view& rest) {
  std::string_view text = rest;
  uint64_t address = 0;
  if (!text.starts_with("0x") || !eat_hex(text, address)) return false;
  if (!text.empty() && !is_blank(text[0])) return false;
  skip_blanks(text);
  rest = text;
  return true;
}

// "src/core/ngx_shmtx.c:105", of sanitizers also with a column.
void read_place(std::string_view text, Frame& out) {
  text = text.substr(0, text.find(' '));
  for (int numbers = 0; numbers < 2; ++numbers) {
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) break;
    std::string_view digits = text.substr(colon + 1);
    int64_t number = 0;
    if (!eat_number(digits, number) || !digits.empty() || number > INT32_MAX) break;
    out.line = static_cast<int>(number);
    text = text.substr(0, colon);
  }
  out.file = text;
}

// The parenthesis that closes the one at the front; strings and nested ones are skipped over.
size_t closing(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

// gdb after number and address: "ngx_shmtx_lock (mtx=…) at FILE:LINE", "f () from /lib/x.so", "f
// (x.so + 0x1a)" of coredumpctl. `sure` when a number or "in" already told that it is a frame.
bool read_gdb(std::string_view rest, bool sure, Frame& out) {
  if (rest.starts_with("<signal handler called>")) {
    out.function = rest.substr(0, 23);
    return sure;
  }
  const size_t open = rest.find(" (");
  if (open == std::string_view::npos) {
    // pstack and cut lines: only a name stands there.
    const std::string_view name = rest.substr(0, rest.find(' '));
    out.function = name;
    return sure && (is_symbol(name) || name == "??");
  }
  std::string_view function = rest.substr(0, open);
  if (function != "??" && function != "n/a" && !is_symbol(function)) return false;
  out.function = function == "n/a" ? "??" : function;
  std::string_view after = rest.substr(open + 1);
  const size_t close = closing(after);
  if (close == std::string_view::npos) {
    out.arguments = after.substr(1);
    return sure;
  }
  const std::string_view inside = after.substr(1, close - 1);
  after.remove_prefix(close + 1);
  skip_blanks(after);
  if (eat(after, "at ")) {
    out.arguments = inside;
    read_place(after, out);
    return true;
  }
  if (eat(after, "from ")) {
    out.arguments = inside;
    out.object = after;
    return true;
  }
  if (const size_t plus = inside.rfind(" + 0x"); plus != std::string_view::npos) {
    out.object = inside.substr(0, plus);
    return sure;
  }
  out.arguments = inside;
  return sure && after.empty();
}

// "#1  0x… in f (…)", "#0 f (…)", "    #0 0x… in f /src/x.c:12:3" and "    #0 0x…
// (/usr/lib/x.so+0x1234)" of sanitizers.
bool read_numbered(std::string_view text, Frame& out) {
  int64_t number = 0;
  if (!eat(text, "#") || !eat_number(text, number) || number > INT32_MAX || text.empty() ||
      !is_blank(text[0]))
    return false;
  out.number = static_cast<int>(number);
  skip_blanks(text);
  const bool address = eat_address(text);
  if (eat(text, "in ") || !address) {
    // Sanitizers print the place without parentheses.
    const size_t space = text.find(' ');
    if (address && space != std::string_view::npos && text[space + 1] == '/') {
      out.function = text.substr(0, space);
      read_place(text.substr(space + 1), out);
      return true;
    }
    return read_gdb(text, true, out);
  }
  if (text.starts_with('(')) {
    const size_t plus = text.rfind("+0x");
    if (plus == std::string_view::npos) return false;
    out.function = "??";
    out.object = text.substr(1, plus - 1);
    return true;
  }
  return read_gdb(text, true, out);
}

// "/lib64/libc.so.6(__libc_malloc+0x4c)[0x7f1031b5dadc]", "nginx: worker
// process(+0x2f)[0x55ac85ce48bf]", "nginx: worker process[0x4a5d9b]"
bool read_glibc(std::string_view text, Frame& out) {
  if (!text.ends_with(']')) return false;
  const size_t bracket = text.rfind("[0x");
  if (bracket == std::string_view::npos || bracket == 0) return false;
  std::string_view address = text.substr(bracket + 1, text.size() - bracket - 2);
  uint64_t value = 0;
  if (!eat_hex(address, value) || !address.empty()) return false;
  text = text.substr(0, bracket);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  out.function = "??";
  if (text.ends_with(')')) {
    const size_t open = text.rfind('(');
    if (open == std::string_view::npos || open == 0) return false;
    const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
    const size_t plus = inside.rfind('+');
    if (!inside.empty() && plus != 0) out.function = inside.substr(0, plus);
    text = text.substr(0, open);
  } else if (text.find('/') == std::string_view::npos && !text.starts_with("nginx")) {
    return false;
  }
  out.object = text;
  return true;
}

// "[<0>] futex_wait_queue+0x5e/0x90", "[<ffffffff810e1c9b>] f+0xdb/0x140 [module]"
bool read_kernel(std::string_view text, Frame& out) {
  uint64_t address = 0;
  if (!eat(text, "[<") || !eat_hex(text, address) || !eat(text, ">]")) return false;
  skip_blanks(text);
  const size_t plus = text.find("+0x");
  const std::string_view name =
      text.substr(0, plus == std::string_view::npos ? text.find(' ') : plus);
  if (!is_plain_symbol(name) && !(name.starts_with("0x") && name.size() > 2)) return false;
  out.function = name.starts_with("0x") ? "??" : name;
  if (text.ends_with(']'))
    if (const size_t open = text.rfind('['); open != std::string_view::npos)
      out.object = text.substr(open + 1, text.size() - open - 2);
  return true;
}

// perf script: "    7f3c2a1b0e0b ngx_shmtx_lock+0x2b (/usr/sbin/nginx)"
bool read_perf(std::string_view text, Frame& out) {
  uint64_t address = 0;
  std::string_view rest = text;
  const std::string_view digits = take_word(rest);
  std::string_view look = digits;
  if (digits.size() < 6 || !eat_hex(look, address) || !look.empty() || !rest.ends_with(')'))
    return false;
  const size_t open = rest.rfind(" (");
  if (open == std::string_view::npos) return false;
  const std::string_view object = rest.substr(open + 2, rest.size() - open - 3);
  if (object.empty() || (object[0] != '/' && object[0] != '[')) return false;
  std::string_view function = rest.substr(0, open);
  if (const size_t plus = function.rfind("+0x"); plus != std::string_view::npos)
    function = function.substr(0, plus);
  if (function == "[unknown]") function = "??";
  if (function != "??" && !is_symbol(function)) return false;
  out.function = function;
  out.object = object;
  return true;
}

// valgrind: "==812==    by 0x4F2A1: ngx_alloc (ngx_alloc.c:22)", "==812==    at 0x4C2FB0F: malloc
// (in /usr/lib/x.so)"
bool read_valgrind(std::string_view text, Frame& out) {
  int64_t pid = 0;
  uint64_t address = 0;
  if (!eat(text, "==") || !eat_number(text, pid) || !eat(text, "==")) return false;
  skip_blanks(text);
  if (!eat(text, "at ") && !eat(text, "by ")) return false;
  if (!eat_hex(text, address) || !eat(text, ": ")) return false;
  const size_t open = text.rfind(" (");
  out.function = text.substr(0, open);
  if (out.function == "???") out.function = "??";
  if (open == std::string_view::npos || !text.ends_with(')')) return !out.function.empty();
  std::string_view place = text.substr(open + 2, text.size() - open - 3);
  if (eat(place, "in "))
    out.object = place;
  else
    read_place(place, out);
  return true;
}

// coredumpctl pasted without its numbers: "0x00007ff314806526 sljit_free_exec (libpcre2-8.so.0 +
// 0x22526)"
bool read_unnumbered(std::string_view text, Frame& out) {
  if (!eat_address(text) || !text.ends_with(')') || text.find(" + 0x") == std::string_view::npos)
    return false;
  return read_gdb(text, true, out) && !out.object.empty();
}

// lldb: "  * frame #0: 0x000000010a2b3c4d nginx`ngx_http_perl_x(r=0x0) at perl.c:33:7"
bool read_lldb(std::string_view text, Frame& out) {
  if (eat(text, "*")) skip_blanks(text);
  int64_t number = 0;
  if (!eat(text, "frame #") || !eat_number(text, number) || number > INT32_MAX || !eat(text, ": "))
    return false;
  if (!eat_address(text)) return false;
  const size_t tick = text.find('`');
  if (tick == std::string_view::npos || tick == 0) return false;
  out.number = static_cast<int>(number);
  out.object = text.substr(0, tick);
  text.remove_prefix(tick + 1);
  const size_t end = text.find_first_of("( ");
  out.function = text.substr(0, end);
  if (end != std::string_view::npos && text[end] == '(') {
    const size_t close = closing(text.substr(end));
    out.arguments = text.substr(end + 1, close == std::string_view::npos ? close : close - 1);
  }
  if (const size_t at = text.rfind(" at "); at != std::string_view::npos)
    read_place(text.substr(at + 4), out);
  return is_symbol(out.function) || out.function == "??";
}

// gdb's announcement of where it stopped: "ngx_clean_old_cycles (ev=0x…) at
// src/core/ngx_cycle.c:1403", "0x00000000004d258b in f (…) at …".
bool read_stop(std::string_view text, Frame& out) {
  const bool address = eat_address(text);
  if (address && !eat(text, "in ")) return false;
  const size_t open = text.find(" (");
  if (open == std::string_view::npos ||
      (!is_plain_symbol(text.substr(0, open)) && text.substr(0, open) != "??"))
    return false;
  return read_gdb(text, address, out);
}

}  // namespace

std::string_view parse_frame_place(std::string_view line) {
  skip_blanks(line);
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  if (!eat(line, "at ")) return {};
  Frame place;
  read_place(line, place);
  return place.line > 0 ? place.file : std::string_view();
}

std::optional<Frame> parse_frame(std::string_view line) {
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  skip_blanks(line);
  for (int tries = 0; tries < 2; ++tries) {
    for (const auto read : {read_numbered, read_kernel, read_valgrind, read_glibc, read_perf,
                            read_unnumbered, read_lldb, read_stop}) {
      Frame out;
      if (read(line, out)) return out;
    }
    // coredumps in the journal: "Apr 21 23:18:20 web1 systemd-coredump[9]: #0  0x… n/a (…)"
    const std::string_view inner = strip_frame(line);
    if (inner.size() == line.size()) break;
    line = inner;
  }
  return std::nullopt;
}

}  // namespace ngxdiag::parse

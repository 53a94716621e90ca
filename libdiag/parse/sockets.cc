#include "libdiag/parse/sockets.h"

#include <algorithm>

#include "libdiag/base/text.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

using Words = std::vector<std::string_view>;
using Is = SocketLine::Is;

constexpr size_t kMaxOwners = 64;

// "0.0.0.0:443", "[::]:443", ":::443", "*:https", "127.0.0.53%lo:53".
bool read_place(std::string_view text, std::string& address, int& port) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 >= text.size()) return false;
  const std::string_view service = text.substr(colon + 1);
  if (service == "http") {
    port = 80;
  } else if (service == "https") {
    port = 443;
  } else if (service == "domain") {
    port = 53;
  } else {
    const auto number = base::parse_int(service);
    if (!number || *number < 1 || *number > 65535) return false;
    port = static_cast<int>(*number);
  }
  std::string_view host = text.substr(0, colon);
  if (const size_t scope = host.find('%'); scope != std::string_view::npos)
    host = host.substr(0, scope);
  if (host.empty()) return false;
  const bool bare6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  address = bare6 ? "[" + std::string(host) + "]" : std::string(host);
  return true;
}

// users:(("nginx",pid=812,fd=6),("nginx",pid=811,fd=6)), of old ss users:(("nginx",812,6)).
std::vector<SocketOwner> read_users(std::string_view text) {
  std::vector<SocketOwner> out;
  size_t at = text.find("users:((");
  if (at == std::string_view::npos) return out;
  text.remove_prefix(at + 7);
  for (at = text.find("(\""); at != std::string_view::npos && out.size() < kMaxOwners;
       at = text.find("(\"")) {
    text.remove_prefix(at + 2);
    const size_t end = text.find('"');
    if (end == std::string_view::npos) break;
    SocketOwner owner{std::string(text.substr(0, end)), 0};
    text.remove_prefix(end + 1);
    std::string_view rest = text;
    if (eat(rest, ",")) {
      eat(rest, "pid=");
      eat_number(rest, owner.pid);
    }
    out.push_back(std::move(owner));
  }
  return out;
}

bool is_time_wait(std::string_view word) { return word == "TIME-WAIT" || word == "TIME_WAIT"; }

std::optional<SocketLine> read_ss(std::string_view line, const Words& words) {
  SocketLine out;
  size_t at = 0;
  if (words[0] == "tcp" || words[0] == "udp") out.udp = words[at++] == "udp";
  if (words.size() < at + 5) return std::nullopt;
  const std::string_view state = words[at];
  if (!base::parse_int(words[at + 1]) || !base::parse_int(words[at + 2])) return std::nullopt;
  if (is_time_wait(state)) {
    out.is = Is::kTimeWait;
    out.count = 1;
    if (!read_place(words[at + 4], out.address, out.port)) return std::nullopt;
    return out;
  }
  if (state != "LISTEN" && state != "UNCONN") return std::nullopt;
  out.udp = out.udp || state == "UNCONN";
  if (!read_place(words[at + 3], out.address, out.port)) return std::nullopt;
  out.owners = read_users(line);
  return out;
}

std::optional<SocketLine> read_netstat(const Words& words) {
  const std::string_view protocol = words[0];
  if (protocol != "tcp" && protocol != "tcp6" && protocol != "udp" && protocol != "udp6")
    return std::nullopt;
  if (words.size() < 5 || !base::parse_int(words[1]) || !base::parse_int(words[2]))
    return std::nullopt;
  SocketLine out;
  out.udp = protocol.starts_with("udp");
  const std::string_view state = words.size() > 5 ? words[5] : std::string_view();
  if (is_time_wait(state)) {
    out.is = Is::kTimeWait;
    out.count = 1;
    if (!read_place(words[4], out.address, out.port)) return std::nullopt;
    return out;
  }
  if (!out.udp && state != "LISTEN") return std::nullopt;
  if (out.udp && !words[4].ends_with(":*")) return std::nullopt;
  if (!read_place(words[3], out.address, out.port)) return std::nullopt;
  // "1234/nginx: master": the program may hold blanks; what follows its name is a title.
  for (size_t i = 5; i < words.size(); ++i) {
    const size_t slash = words[i].find('/');
    if (slash == std::string_view::npos) continue;
    if (const auto pid = base::parse_int(words[i].substr(0, slash))) {
      std::string_view program = words[i].substr(slash + 1);
      while (program.ends_with(':')) program.remove_suffix(1);
      out.owners.push_back({std::string(program), *pid});
      break;
    }
  }
  return out;
}

std::optional<SocketLine> read_lsof(const Words& words) {
  if (words.size() < 9 || words.back() != "(LISTEN)" || words[words.size() - 3] != "TCP")
    return std::nullopt;
  const auto pid = base::parse_int(words[1]);
  if (!pid) return std::nullopt;
  SocketLine out;
  if (!read_place(words[words.size() - 2], out.address, out.port)) return std::nullopt;
  out.owners.push_back({std::string(words[0]), *pid});
  return out;
}

// Sums: sockstat's "tw N", ss -s's "timewait N", uniq -c's "N TIME-WAIT peer", and the port range.
std::optional<SocketLine> read_sums(std::string_view line, const Words& words) {
  SocketLine out;
  if (const size_t at = line.find("ip_local_port_range"); at != std::string_view::npos) {
    std::string_view rest = line.substr(at + 19);
    while (!rest.empty() && !is_digit(rest.front())) rest.remove_prefix(1);
    out.is = Is::kPortRange;
    if (!eat_number(rest, out.first)) return std::nullopt;
    while (!rest.empty() && !is_digit(rest.front())) rest.remove_prefix(1);
    if (!eat_number(rest, out.last) || out.last < out.first || out.last > 65535)
      return std::nullopt;
    return out;
  }
  out.is = Is::kTimeWaitTotal;
  for (size_t i = 0; words[0] == "TCP:" && i + 1 < words.size(); ++i) {
    std::string_view word = words[i], number = words[i + 1];
    while (!number.empty() && !is_digit(number.back())) number.remove_suffix(1);
    if (word != "tw" && word != "timewait") continue;
    const auto value = base::parse_int(number.substr(0, number.find('/')));
    if (!value) return std::nullopt;
    out.count = *value;
    return out;
  }
  const auto count = base::parse_int(words[0]);
  if (!count || *count < 1 || words.size() < 2 || !is_time_wait(words[1])) return std::nullopt;
  out.count = *count;
  if (words.size() > 2) {
    out.is = Is::kTimeWait;
    if (!read_place(words[2], out.address, out.port)) return std::nullopt;
  }
  return out;
}

bool is_any4(std::string_view address) { return address == "0.0.0.0" || address == "*"; }
bool is_any6(std::string_view address) { return address == "[::]" || address == "*"; }

}  // namespace

std::optional<SocketLine> parse_socket_line(std::string_view line) {
  const Words words = base::words(base::trim(line));
  if (words.size() < 2) return std::nullopt;
  if (auto found = read_sums(line, words)) return found;
  if (words.size() < 5) return std::nullopt;
  if (auto found = read_ss(line, words)) return found;
  if (auto found = read_netstat(words)) return found;
  return read_lsof(words);
}

bool addresses_overlap(std::string_view a, std::string_view b) {
  if (a == b || is_any6(a) || is_any6(b)) return true;
  const bool six = a.starts_with('[') || b.starts_with('[');
  return !six && (is_any4(a) || is_any4(b));
}

}  // namespace ngxdiag::parse

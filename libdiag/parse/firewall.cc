#include "libdiag/parse/firewall.h"

#include <algorithm>
#include <array>
#include <vector>

#include "libdiag/base/text.h"

namespace ngxdiag::parse {
namespace {

using base::contains;
using Words = std::vector<std::string_view>;

constexpr std::array<int, 2> kPorts = {80, 443};

// "80", "http", "80:90", "80-90".
bool means(std::string_view word, int port) {
  if (word == (port == 80 ? "http" : "https")) return true;
  const size_t dash = word.find_first_of(":-");
  const auto low = base::parse_int(word.substr(0, dash));
  const auto high = dash == std::string_view::npos ? low : base::parse_int(word.substr(dash + 1));
  return low && high && *low <= port && port <= *high;
}

bool names(std::string_view list, int port) {
  std::string text(list);
  for (char& c : text)
    if (c == ',' || c == '{' || c == '}' || c == '/') c = ' ';
  const Words words = base::words(text);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return means(word, port); });
}

std::string_view after(const Words& words, std::initializer_list<std::string_view> keys) {
  for (size_t i = 0; i + 1 < words.size(); ++i)
    if (std::find(keys.begin(), keys.end(), words[i]) != keys.end()) return words[i + 1];
  return {};
}

bool has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void decide(Firewall& out, std::string_view ports, bool accepts, bool refuses) {
  for (const int port : kPorts)
    if (names(ports, port)) {
      if (accepts) out.open.insert(port);
      if (refuses) out.refused.insert(port);
    }
}

void open_all(Firewall& out) { out.open.insert(kPorts.begin(), kPorts.end()); }

bool is_refusal(std::string_view target) { return target == "DROP" || target == "REJECT"; }

// iptables-save and -S.
void read_iptables(std::string_view line, const Words& words, Firewall& out) {
  if (words[0] == ":INPUT" || (words[0] == "-P" && words.size() > 2 && words[1] == "INPUT")) {
    out.tool = "iptables";
    const std::string_view policy = words[0] == "-P" ? words[2] : words.size() > 1 ? words[1] : "";
    out.refuses = out.refuses || is_refusal(policy);
    return;
  }
  if (words[0] != "-A" || words.size() < 4) return;
  out.tool = "iptables";
  const std::string_view target = after(words, {"-j", "--jump"});
  const std::string_view ports = after(words, {"--dport", "--dports", "--destination-port"});
  if (words[1].starts_with("FORWARD") || words[1].starts_with("OUTPUT") ||
      words[1].starts_with("POSTROUTING"))
    return;
  if (!ports.empty()) {
    // A port that only some sources may reach is still let in from there.
    decide(out, ports, target != "LOG" && !is_refusal(target),
           is_refusal(target) && !has(words, "-s") && !has(words, "--source") &&
               !has(words, "-i") && !contains(line, "recent") && !contains(line, "limit"));
    return;
  }
  const bool bare = words.size() == 4 || (words.size() == 6 && words[4] == "--reject-with");
  if (words[1] == "INPUT" && bare && is_refusal(target)) out.refuses = true;
  if (words[1] == "INPUT" && bare && target == "ACCEPT") open_all(out);
  if (contains(line, "match-set")) out.opaque = true;
  if (target == "ACCEPT" && words.size() >= 6 && words[1] == "INPUT" && words[2] == "-i" &&
      words[3] != "lo" && words.size() == 6)
    open_all(out);
}

// iptables -L: "Chain INPUT (policy DROP)", "ACCEPT tcp -- anywhere anywhere tcp dpt:http".
void read_table(std::string_view line, const Words& words, bool& input, Firewall& out) {
  if (words[0] == "Chain" && words.size() > 1) {
    out.tool = "iptables";
    input = words[1] == "INPUT";
    if (input && (contains(line, "policy DROP") || contains(line, "policy REJECT")))
      out.refuses = true;
    return;
  }
  const bool accept = has(words, "ACCEPT"), refuse = has(words, "DROP") || has(words, "REJECT");
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with("dpt:")) decide(out, words[i].substr(4), accept, refuse);
    if (words[i].starts_with("dpts:")) decide(out, words[i].substr(5), accept, refuse);
    if (words[i] == "dports" && i + 1 < words.size()) decide(out, words[i + 1], accept, refuse);
  }
}

// nft: what stands between "dport" and the verdict.
void read_nft(std::string_view line, const Words& words, bool& input, Firewall& out) {
  if (words[0] == "chain" && words.size() > 1) input = false;
  if (contains(line, "hook input")) {
    out.tool = "nft";
    input = true;
    if (contains(line, "policy drop")) out.refuses = true;
  }
  if (contains(line, "hook forward") || contains(line, "hook output")) input = false;
  if (contains(line, "policy drop") && input) out.refuses = true;
  const bool accept = has(words, "accept"), refuse = has(words, "drop") || has(words, "reject");
  if (const size_t at = line.find("dport "); at != std::string_view::npos) {
    const std::string_view rest = line.substr(at + 6);
    if (contains(rest, "@") || contains(rest, "$") || contains(rest, "vmap")) out.opaque = true;
    const size_t end = std::min({rest.find(" accept"), rest.find(" drop"), rest.find(" reject"),
                                 rest.find(" counter"), rest.find(" ct "), rest.find(" jump")});
    decide(out, rest.substr(0, end), accept || contains(rest, "jump"),
           refuse && !contains(line, "saddr") && !contains(line, "limit"));
  } else if (contains(line, "vmap")) {
    out.opaque = out.opaque || !contains(line, "ct state");
  } else if (input && words.size() <= 2 && words[0] == "accept") {
    open_all(out);
  } else if (input && words.size() <= 4 && (words[0] == "drop" || words[0] == "reject")) {
    out.refuses = true;
  }
}

// Application profiles as nginx's and Apache's packages ship them.
struct Profile {
  std::string_view name;
  int first, second;
};
constexpr Profile kProfiles[] = {{"Full", 80, 443},
                                 {"HTTPS", 443, 443},
                                 {"Secure", 443, 443},
                                 {"HTTP", 80, 80},
                                 {"WWW", 80, 80}};

void read_ufw(std::string_view line, const Words& words, Firewall& out) {
  if (line.starts_with("Status: ")) {
    out.tool = "ufw";
    out.inactive = contains(line, "inactive");
    out.refuses = !out.inactive;  // ufw's default, which "Default:" may correct
  } else if (line.starts_with("ENABLED=")) {
    out.tool = "ufw";
    out.inactive = !contains(line, "yes");
  } else if (line.starts_with("Default: ")) {
    out.refuses = contains(line, "deny (incoming)") || contains(line, "reject (incoming)");
  } else if (line.starts_with("DEFAULT_INPUT_POLICY=")) {
    out.refuses = contains(line, "DROP") || contains(line, "REJECT");
  } else if (has(words, "ALLOW") || has(words, "LIMIT") || has(words, "DENY") ||
             has(words, "REJECT")) {
    const bool allow = has(words, "ALLOW") || has(words, "LIMIT");
    for (const Profile& profile : kProfiles)
      if (allow && contains(line, profile.name)) out.open.insert({profile.first, profile.second});
    decide(out, words[0], allow, !allow && !contains(line, "."));
    if (allow && words[0] == "Anywhere") open_all(out);
  }
}

void read_firewalld(std::string_view line, const Words& words, Firewall& out) {
  if (words[0] == "services:" || words[0] == "ports:" || words[0] == "rich") {
    out.tool = "firewalld";
    out.refuses = true;
    if (words[0] == "rich") out.opaque = out.opaque || words.size() > 2;
    for (const std::string_view word : words) decide(out, word, true, false);
  }
  if (contains(line, "<service name=\"http\"")) out.open.insert(80);
  if (contains(line, "<service name=\"https\"")) out.open.insert(443);
  if (contains(line, "<zone")) {
    out.tool = "firewalld";
    out.refuses = !contains(line, "target=\"ACCEPT\"");
  }
  if (const size_t at = line.find("port=\""); contains(line, "<port ") && at != line.npos)
    decide(out, line.substr(at + 6, line.find('"', at + 6) - at - 6), true, false);
}

}  // namespace

Firewall parse_firewall(std::string_view text) {
  Firewall out;
  bool input = false;  // inside the chain of incoming packets
  bool other_table = false;
  while (!text.empty()) {
    std::string_view line = base::trim(base::take_line(text));
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '*') other_table = line != "*filter";
    if (other_table) {
      if (line == "COMMIT") other_table = false;
      continue;
    }
    std::string spaced(line);
    for (char& c : spaced)
      if (c == ';') c = ' ';
    const Words words = base::words(spaced);
    if (words.empty()) continue;
    read_iptables(line, words, out);
    read_table(line, words, input, out);
    read_nft(spaced, words, input, out);
    read_ufw(line, words, out);
    read_firewalld(line, words, out);
  }
  return out;
}

}  // namespace ngxdiag::parse

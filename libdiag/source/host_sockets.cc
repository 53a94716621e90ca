#include "libdiag/source/host_sockets.h"

#include <arpa/inet.h>
#include <dirent.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <vector>

#include "libdiag/base/text.h"
#include "libdiag/source/proc_table.h"

namespace ngxdiag::source {
namespace {

constexpr size_t kTable = 64u << 20;  // bytes of /proc/net/tcp: 400,000 sockets
constexpr size_t kMaxListeners = 2000;
constexpr size_t kMaxDescriptors = 100000;  // looked at, of all processes: some 200 ms
constexpr size_t kMaxPeers = 10;
constexpr int64_t kManyOfOnePeer = 100;  // fewer are not worth a row

struct Row {
  bool udp = false;
  std::string address;
  int port = 0;
  uint64_t inode = 0;
  std::string owners;
};

std::optional<int64_t> hexadecimal(std::string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  int64_t out = 0;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    out = out << 4 | digit;
  }
  return out;
}

// "0100007F:1F90"
bool read_place(std::string_view text, std::string& address, int& port) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto number = hexadecimal(text.substr(colon + 1));
  address = address_of_hex(text.substr(0, colon));
  if (!number || *number > 65535 || address.empty()) return false;
  port = static_cast<int>(*number);
  return true;
}

struct Table {
  std::vector<Row> rows;
  std::map<std::string, int64_t> time_wait;  // by peer
  int64_t waiting = 0;
  bool seen = false;
};

// sl local remote st tx:rx tr:when retrnsmt uid timeout inode
void read_table(const std::string& path, bool udp, Table& out) {
  const std::string text = proc_text(path, kTable);
  out.seen = out.seen || !text.empty();
  std::string_view rest = text;
  base::take_line(rest);
  while (!rest.empty()) {
    const auto fields = base::words(base::take_line(rest));
    if (fields.size() < 10) continue;
    const std::string_view state = fields[3];
    Row row;
    row.udp = udp;
    if (!udp && state == "06") {
      ++out.waiting;
      if (read_place(fields[2], row.address, row.port))
        ++out.time_wait[row.address + ":" + std::to_string(row.port)];
      continue;
    }
    if (state != (udp ? "07" : "0A") || out.rows.size() >= kMaxListeners) continue;
    if (!read_place(fields[1], row.address, row.port) || (udp && row.port != 53)) continue;
    const auto inode = base::parse_int(fields[9]);
    row.inode = inode && *inode > 0 ? static_cast<uint64_t>(*inode) : 0;
    out.rows.push_back(std::move(row));
  }
}

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

// Calls `visit` with each numeric entry until it says false.
template <class Visit>
void each_number(const std::string& directory, Visit visit) {
  const Directory open(::opendir(directory.c_str()), ::closedir);
  if (!open) return;
  while (const dirent* entry = ::readdir(open.get()))
    if (base::parse_int(entry->d_name) && !visit(std::string(entry->d_name))) return;
}

// nginx first: where all sockets are its own, no other process is looked at.
void find_owners(const std::string& proc, std::vector<Row>& rows) {
  std::map<uint64_t, std::vector<Row*>> wanted;
  for (Row& row : rows)
    if (row.inode) wanted[row.inode].push_back(&row);
  std::vector<std::string> pids, others;
  each_number(proc, [&](const std::string& pid) {
    const std::string comm = proc_text(proc + "/" + pid + "/comm", 64);
    (is_family_name(base::trim(comm)) ? pids : others).push_back(pid);
    return true;
  });
  std::move(others.begin(), others.end(), std::back_inserter(pids));
  size_t looked_at = 0;
  for (const std::string& pid : pids) {
    if (looked_at >= kMaxDescriptors) break;
    const std::string directory = proc + "/" + pid;
    std::string comm;
    std::map<const Row*, bool> told;
    each_number(directory + "/fd", [&](const std::string& fd) {
      if (++looked_at > kMaxDescriptors) return false;
      const std::string target = proc_link(directory + "/fd/" + fd);
      constexpr std::string_view kSocket = "socket:[";
      if (!target.starts_with(kSocket)) return true;
      const auto inode = base::parse_int(
          std::string_view(target).substr(kSocket.size(), target.size() - kSocket.size() - 1));
      const auto found =
          inode && *inode > 0 ? wanted.find(static_cast<uint64_t>(*inode)) : wanted.end();
      if (found == wanted.end()) return true;
      if (comm.empty()) comm = std::string(base::trim(proc_text(directory + "/comm", 64)));
      for (Row* row : found->second) {
        if (told[row] || row->owners.size() > 400) continue;
        told[row] = true;
        row->owners += (row->owners.empty() ? "" : ",") + ("(\"" + base::printable(comm)) +
                       "\",pid=" + pid + ",fd=" + fd + ")";
      }
      return true;
    });
  }
}

}  // namespace

std::string address_of_hex(std::string_view hex) {
  if (hex.size() != 8 && hex.size() != 32) return {};
  std::array<unsigned char, 16> bytes{};
  for (size_t word = 0; word * 8 < hex.size(); ++word) {
    const auto value = hexadecimal(hex.substr(word * 8, 8));
    if (!value) return {};
    for (size_t i = 0; i < 4; ++i)
      bytes[word * 4 + i] = static_cast<unsigned char>(*value >> (8 * i) & 0xff);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool four = hex.size() == 8;
  if (!::inet_ntop(four ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size())) return {};
  return four ? std::string(text.data()) : "[" + std::string(text.data()) + "]";
}

std::optional<Document> socket_table(const std::string& proc, const std::string& directory,
                                     bool own) {
  Table table;
  for (const char* name : {"/net/tcp", "/net/tcp6"}) read_table(directory + name, false, table);
  for (const char* name : {"/net/udp", "/net/udp6"}) read_table(directory + name, true, table);
  if (!table.seen) return std::nullopt;
  find_owners(proc, table.rows);
  std::string text = "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n";
  for (const Row& row : table.rows)
    text += std::string(row.udp ? "udp UNCONN 0 0 " : "tcp LISTEN 0 0 ") + row.address + ":" +
            std::to_string(row.port) + (row.address.starts_with('[') ? " [::]:*" : " 0.0.0.0:*") +
            (row.owners.empty() ? "" : " users:(" + row.owners + ")") + "\n";
  std::vector<std::pair<int64_t, std::string>> peers;
  for (const auto& [peer, count] : table.time_wait)
    if (count >= kManyOfOnePeer) peers.emplace_back(count, peer);
  std::sort(peers.rbegin(), peers.rend());
  if (peers.size() > kMaxPeers) peers.resize(kMaxPeers);
  for (const auto& [count, peer] : peers)
    text += std::to_string(count) + " TIME-WAIT " + peer + "\n";
  text += "TCP: tw " + std::to_string(table.waiting) + "\n";
  const std::string range = proc_text(proc + "/sys/net/ipv4/ip_local_port_range", 64);
  if (own && !range.empty())
    text += "net.ipv4.ip_local_port_range = " + std::string(base::trim(range)) + "\n";
  return text_document("sockets of " + directory, std::move(text), model::Kind::kSockets);
}

}  // namespace ngxdiag::source

#include "libdiag/parse/message_meaning.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/glob.h"

namespace ngxdiag::parse {
namespace {

struct Table {
  std::unordered_map<std::string_view, MessageMeaning> by_id;  // and by subsystem
  // "http-dav." of "http-dav.*", the longest first.
  std::vector<std::pair<std::string_view, MessageMeaning>> families;
};

Table read_meanings() {
  Table out;
  std::string_view text = base::builtin_data("meanings.tsv");
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    const auto cells = base::split(line, '\t');
    if (line.empty() || line[0] == '#' || cells.size() != 4) continue;
    MessageMeaning meaning;
    meaning.meaning = cells[1];
    if (!cells[2].empty()) meaning.causes = base::split(cells[2], '|');
    if (!cells[3].empty()) meaning.next = base::split(cells[3], '|');
    for (std::string_view key : base::split(cells[0], '|')) {
      if (key.ends_with('*')) {
        key.remove_suffix(1);
        out.families.emplace_back(key, meaning);
        continue;
      }
      meaning.general = key.find('.') == std::string_view::npos;
      out.by_id.emplace(key, meaning);
    }
  }
  std::stable_sort(out.families.begin(), out.families.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return out;
}

const Table& meanings() {
  static const Table table = read_meanings();
  return table;
}

const MessageMeaning* find_exactly(std::string_view key) {
  const auto found = meanings().by_id.find(key);
  return found == meanings().by_id.end() ? nullptr : &found->second;
}

struct When {
  std::string_view pattern, says;
};

const std::vector<When>& whens() {
  static const std::vector<When> table = [] {
    std::vector<When> out;
    std::string_view text = base::builtin_data("emitted_when.tsv");
    while (!text.empty()) {
      const std::string_view line = base::take_line(text);
      const auto cells = base::split(line, '\t');
      if (!line.empty() && line[0] != '#' && cells.size() == 2) out.push_back({cells[0], cells[1]});
    }
    return out;
  }();
  return table;
}

// Numbers of Linux (asm-generic/errno.h), as nginx prints them.
constexpr std::array<ErrnoMeaning, 34> kErrnos{{
    {1, "EPERM", "the kernel or a sandbox does not allow it"},
    {2, "ENOENT", "there is no such file or directory"},
    {3, "ESRCH", "the process is gone"},
    {4, "EINTR", "a signal came in between"},
    {5, "EIO", "the disk or its driver failed: see dmesg"},
    {9, "EBADF", "the descriptor is not open"},
    {10, "ECHILD", "there is no such child"},
    {11, "EAGAIN",
     "not now: a limit on processes (fork), or a full queue (connect to a unix socket)"},
    {12, "ENOMEM", "memory is short, or a limit on it was reached"},
    {13, "EACCES", "rights of the file or a directory above, or SELinux or AppArmor, forbid it"},
    {14, "EFAULT", "a wrong address was passed: a bug, or a file system without sendfile"},
    {17, "EEXIST", "it is there already"},
    {18, "EXDEV", "the two paths are on different file systems"},
    {20, "ENOTDIR", "a part of the path is a file"},
    {21, "EISDIR", "it is a directory"},
    {22, "EINVAL", "the kernel refuses this argument"},
    {23, "ENFILE", "the whole host is out of descriptors (fs.file-max)"},
    {24, "EMFILE", "the process is out of descriptors (worker_rlimit_nofile, LimitNOFILE)"},
    {28, "ENOSPC", "the file system or its inodes are full"},
    {30, "EROFS", "the file system is read-only"},
    {32, "EPIPE", "the other side closed the connection"},
    {36, "ENAMETOOLONG", "the name is too long"},
    {40, "ELOOP", "too many symbolic links, or links are not followed here"},
    {71, "EPROTO", "the protocol was broken"},
    {97, "EAFNOSUPPORT", "this address family is switched off, most often IPv6"},
    {98, "EADDRINUSE", "another socket has this address"},
    {99, "EADDRNOTAVAIL", "this host does not have the address, or no local port is left"},
    {101, "ENETUNREACH", "there is no route to that network"},
    {103, "ECONNABORTED", "the client went away before it was accepted"},
    {104, "ECONNRESET", "the other side reset the connection"},
    {110, "ETIMEDOUT", "no answer came in time"},
    {111, "ECONNREFUSED", "nobody listens at that address"},
    {113, "EHOSTUNREACH", "the host cannot be reached, or a firewall rejects"},
    {122, "EDQUOT", "the quota is used up"},
}};

}  // namespace

MessageMeaning meaning_of(std::string_view id) {
  if (const MessageMeaning* own = find_exactly(id)) return *own;
  for (const auto& [beginning, meaning] : meanings().families)
    if (id.starts_with(beginning)) return meaning;
  if (const MessageMeaning* general = find_exactly(id.substr(0, id.find('.')))) return *general;
  // http-proxy and the like: that of http.
  const MessageMeaning* wider = find_exactly(id.substr(0, id.find_first_of(".-")));
  return wider ? *wider : MessageMeaning{};
}

std::string_view emitted_when(MessageKind kind, std::string_view source) {
  const std::string_view place = source.substr(source.rfind('/') + 1);
  for (const When& when : whens()) {
    if (when.pattern == "kind:conf"     ? kind == MessageKind::kConf
        : when.pattern == "kind:stderr" ? kind == MessageKind::kStderr
                                        : glob_match(when.pattern, place))
      return when.says;
  }
  return {};
}

std::optional<ErrnoMeaning> errno_meaning(int number) {
  for (const ErrnoMeaning& entry : kErrnos)
    if (entry.number == number) return entry;
  return std::nullopt;
}

}  // namespace ngxdiag::parse

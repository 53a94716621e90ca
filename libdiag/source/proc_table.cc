#include "libdiag/source/proc_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "libdiag/base/text.h"
#include "libdiag/source/cgroup.h"
#include "libdiag/source/rooted.h"
#include "libdiag/source/streams.h"

namespace ngxdiag::source {
namespace {

constexpr size_t kMaxDescriptorsLookedAt = 8192;

template <class Visit>
bool each_entry(const std::string& directory, Visit visit) {
  struct Close {
    void operator()(DIR* dir) const { ::closedir(dir); }
  };
  const std::unique_ptr<DIR, Close> dir(::opendir(directory.c_str()));
  if (!dir) return false;
  while (const dirent* entry = ::readdir(dir.get()))
    if (entry->d_name[0] != '.' && !visit(std::string_view(entry->d_name))) break;
  return true;
}

// The second word of a line "Uid:\t0\t0\t0\t0" after its name: the effective id.
std::optional<uint64_t> effective_uid(std::string_view status) {
  while (!status.empty()) {
    const std::string_view line = base::take_line(status);
    if (line.substr(0, 4) != "Uid:") continue;
    const auto words = base::words(line);
    const auto uid = words.size() > 2 ? base::parse_int(words[2]) : std::nullopt;
    if (uid && *uid >= 0) return static_cast<uint64_t>(*uid);
  }
  return std::nullopt;
}

}  // namespace

std::string proc_text(const std::string& path, size_t cap) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return "";
  Descriptor owned(fd);
  std::string out;
  // One read is enough for almost all of them.
  size_t room = 4096;
  while (out.size() < cap) {
    const size_t before = out.size();
    room = std::min(room, cap - before);
    out.resize(before + room);
    const ssize_t count = ::read(fd, out.data() + before, room);
    out.resize(before + static_cast<size_t>(count > 0 ? count : 0));
    if (count <= 0) break;
    room = std::max<size_t>(room, out.size());
  }
  return out;
}

std::string proc_link(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t count = ::readlink(path.c_str(), target, sizeof target);
  return count > 0 ? std::string(target, static_cast<size_t>(count)) : "";
}

std::string shown_command_line(std::string raw) {
  while (!raw.empty() && (raw.back() == '\0' || raw.back() == ' ')) raw.pop_back();
  std::replace(raw.begin(), raw.end(), '\0', ' ');
  return raw;
}

std::optional<StatLine> parse_stat(std::string_view text) {
  const size_t open = text.find(" (");
  const size_t close = text.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  StatLine out;
  out.comm = text.substr(open + 2, close - open - 2);
  // Fields of proc(5) from the third ("state") on.
  const auto fields = base::words(base::trim(text.substr(close + 2)));
  if (fields.size() < 26 || fields[0].size() != 1) return std::nullopt;
  const auto number = [&](size_t man_page) -> uint64_t {
    const std::string_view field = fields[man_page - 3];
    const auto value = base::parse_int(field);
    if (value) return *value < 0 ? 0 : static_cast<uint64_t>(*value);
    return 0;
  };
  out.state = fields[0][0];
  out.ppid = static_cast<int64_t>(number(4));
  out.cpu_ticks = number(14) + number(15);
  out.start_ticks = number(22);
  out.rss_pages = number(24);
  out.stack_start = number(28);
  return out;
}

std::string user_name(std::string_view passwd, uint64_t uid) {
  const std::string wanted = std::to_string(uid);
  while (!passwd.empty()) {
    const auto fields = base::split(base::take_line(passwd), ':');
    if (fields.size() > 3 && fields[2] == wanted) return std::string(fields[0]);
  }
  return wanted;
}

std::string waits_in(const std::string& directory) {
  std::string wchan = proc_text(directory + "/wchan", 256);
  while (!wchan.empty() && wchan.back() == '\n') wchan.pop_back();
  return wchan == "0" ? "" : wchan;
}

std::optional<int64_t> count_descriptors(const std::string& directory) {
  const std::string fds = directory + "/fd";
  struct stat status {};
  // Since Linux 6.2 the directory's size is the answer.
  if (::stat(fds.c_str(), &status) == 0 && status.st_size > 0) return status.st_size;
  int64_t count = 0;
  const bool seen = each_entry(fds, [&](std::string_view) {
    ++count;
    return true;
  });
  return seen ? std::optional(count) : std::nullopt;
}

std::set<uint64_t> established_inodes(const std::string& directory) {
  std::set<uint64_t> out;
  for (const auto* table : {"/net/tcp", "/net/tcp6"}) {
    const std::string text = proc_text(directory + table, 16u << 20);
    std::string_view rest = text;
    base::take_line(rest);
    while (!rest.empty()) {
      const auto fields = base::words(base::take_line(rest));
      // sl local remote st tx:rx tr:when retrnsmt uid timeout inode
      if (fields.size() < 10 || fields[3] != "01") continue;
      if (const auto inode = base::parse_int(fields[9]); inode && *inode > 0)
        out.insert(static_cast<uint64_t>(*inode));
    }
  }
  return out;
}

std::optional<int64_t> count_held(const std::string& directory, const std::set<uint64_t>& inodes) {
  int64_t held = 0;
  size_t looked_at = 0;
  const std::string fds = directory + "/fd";
  const bool seen = each_entry(fds, [&](std::string_view name) {
    const std::string target = proc_link(fds + "/" + std::string(name));
    constexpr std::string_view kSocket = "socket:[";
    if (target.compare(0, kSocket.size(), kSocket) == 0) {
      const auto inode = base::parse_int(
          std::string_view(target).substr(kSocket.size(), target.size() - kSocket.size() - 1));
      held += inode && *inode > 0 && inodes.count(static_cast<uint64_t>(*inode));
    }
    return ++looked_at < kMaxDescriptorsLookedAt;
  });
  return seen ? std::optional(held) : std::nullopt;
}

std::vector<TableRow> proc_table(const std::string& proc, base::CivilTime now,
                                 std::vector<model::Gap>& gaps) {
  std::vector<TableRow> rows;
  const long ticks = ::sysconf(_SC_CLK_TCK);
  const long page = ::sysconf(_SC_PAGESIZE);
  const std::string uptime_text = proc_text(proc + "/uptime", 64);
  const auto uptime =
      base::parse_int(std::string_view(uptime_text).substr(0, uptime_text.find('.')));
  const std::string passwd = proc_text("/etc/passwd");
  const bool seen = each_entry(proc, [&](std::string_view name) {
    const auto pid = base::parse_int(name);
    if (!pid || *pid <= 0) return true;
    const std::string directory = proc + "/" + std::string(name);
    const auto stat = parse_stat(proc_text(directory + "/stat", 4096));
    if (!stat) return true;
    const bool family = is_family_name(stat->comm);
    // A process stuck in the kernel may block whoever reads its command line.
    const bool readable = stat->state != 'Z' && (family || stat->state != 'D');
    const std::string title = readable ? shown_command_line(proc_text(directory + "/cmdline")) : "";
    if (!family && !is_family_title(title)) return true;
    TableRow row;
    model::Process& p = row.process;
    p.pid = *pid;
    p.ppid = stat->ppid;
    p.comm = stat->comm;
    p.title = stat->state == 'Z' ? "[" + stat->comm + "] <defunct>"
              : title.empty()    ? "[" + stat->comm + "]"
                                 : title;
    p.state = stat->state;
    if (uptime && ticks > 0) {
      p.age = std::max<int64_t>(0, *uptime - static_cast<int64_t>(stat->start_ticks) / ticks);
      p.started = now - *p.age;
    }
    p.rss = static_cast<int64_t>(stat->rss_pages) * page;
    if (ticks > 0) p.cpu = static_cast<int64_t>(stat->cpu_ticks) / ticks;
    p.cgroup = cgroup_path(proc_text(directory + "/cgroup", 16384));
    if (const auto uid = effective_uid(proc_text(directory + "/status", 16384)))
      p.user = user_name(passwd, *uid);
    row.stack_start = stat->stack_start;
    rows.push_back(std::move(row));
    return true;
  });
  if (!seen) gaps.push_back({proc, "cannot be listed: no process was seen"});
  std::sort(rows.begin(), rows.end(),
            [](const TableRow& a, const TableRow& b) { return a.process.pid < b.process.pid; });
  assign_roles(rows);
  for (TableRow& row : rows)
    row.process.ref = {"proc",          "/proc/" + std::to_string(row.process.pid),       0, {},
                       row.process.pid, row.process.title.substr(0, model::kExcerptBytes)};
  return rows;
}

}  // namespace ngxdiag::source

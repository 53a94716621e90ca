// The process table straight from a /proc, also one in a captured tree; and what one process
// directory tells beyond the table.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/time.h"
#include "libdiag/model/gap.h"
#include "libdiag/source/process_roles.h"

namespace ngxdiag::source {

// nginx's processes below `proc`, in pid order, roles assigned. Empty with a gap when it is no
// /proc.
std::vector<TableRow> proc_table(const std::string& proc, base::CivilTime now,
                                 std::vector<model::Gap>& gaps);

// Fields of /proc/PID/stat that are asked for; empty when the text is none. The name in parentheses
// may hold blanks and parentheses itself.
struct StatLine {
  std::string comm;
  char state = '?';
  int64_t ppid = 0;
  uint64_t cpu_ticks = 0, start_ticks = 0, rss_pages = 0, stack_start = 0;
};
std::optional<StatLine> parse_stat(std::string_view text);

// A whole small file of a /proc, "" when it cannot be read (the process may be gone any time).
std::string proc_text(const std::string& path, size_t cap = 1u << 20);
// Target of a link such as /proc/PID/exe, "" when it cannot be read.
std::string proc_link(const std::string& path);

// The command line as ps shows it: NULs are blanks, none at the end.
std::string shown_command_line(std::string raw);

// The kernel function it waits in, "" when it runs or that is hidden.
std::string waits_in(const std::string& directory);
// How many descriptors are open; empty when that is hidden.
std::optional<int64_t> count_descriptors(const std::string& directory);
// Inodes of the established TCP connections of its network namespace.
std::set<uint64_t> established_inodes(const std::string& directory);
// How many of `inodes` are among its descriptors; empty when they are hidden.
std::optional<int64_t> count_held(const std::string& directory, const std::set<uint64_t>& inodes);

// The name of a user id by the text of a passwd file; the number when it is not there.
std::string user_name(std::string_view passwd, uint64_t uid);

}  // namespace ngxdiag::source

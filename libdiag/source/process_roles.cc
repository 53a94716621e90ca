#include "libdiag/source/process_roles.h"

#include <map>
#include <set>

#include "libdiag/base/text.h"

namespace ngxdiag::source {
namespace {

using model::Role;

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

// Without "nginx: " or "angie: "; empty when it is neither.
std::string_view own_part(std::string_view title) {
  for (const std::string_view program : {"nginx: ", "angie: "})
    if (begins(title, program)) return title.substr(program.size());
  return {};
}

// "worker process #3": Angie's generation (its ngx_setproctitle since 1.3.0).
std::optional<int64_t> generation_of(std::string_view title) {
  const size_t at = title.find(" #");
  if (at == std::string_view::npos || !begins(title, "angie: ")) return std::nullopt;
  const std::string_view rest = title.substr(at + 2);
  return base::parse_int(rest.substr(0, rest.find_first_not_of("0123456789")));
}

// What may follow the program's name: "", "-debug", "-1.24.0". An exporter, an agent or a
// controller
// ("nginx-prometheu", "nginx-ingress-c") is another program.
bool is_edition(std::string_view rest) {
  for (const std::string_view known : {"", "-debug", "-bin", ".bin", ".old", ".real"})
    if (rest == known) return true;
  return rest.find_first_not_of("-.0123456789") == std::string_view::npos;
}

bool is_option(std::string_view word) {
  return word.size() == 2 && word[0] == '-' &&
         std::string_view("?hvVtTqspceg").find(word[1]) != std::string_view::npos;
}

}  // namespace

bool is_family_name(std::string_view comm) {
  for (const std::string_view name : {"nginx", "openresty", "tengine", "angie", "freenginx"})
    if (begins(comm, name) && is_edition(comm.substr(name.size()))) return true;
  return false;
}

bool is_family_title(std::string_view title) { return !own_part(title).empty(); }

model::Role role_of_title(std::string_view title) {
  const std::string_view own = own_part(title);
  if (begins(own, "master process")) return Role::kMaster;
  if (begins(own, "worker process is shutting down")) return Role::kShuttingDown;
  if (begins(own, "worker process")) return Role::kWorker;
  if (begins(own, "cache manager process")) return Role::kCacheManager;
  if (begins(own, "cache loader process")) return Role::kCacheLoader;
  if (begins(own, "privileged agent process")) return Role::kPrivileged;
  return Role::kOther;
}

void assign_roles(std::vector<TableRow>& rows) {
  std::map<int64_t, const TableRow*> by_pid;
  for (const TableRow& row : rows) by_pid[row.process.pid] = &row;
  std::set<int64_t> parents_of_titled;  // whoever has a titled child is a master for sure
  for (TableRow& row : rows) {
    row.process.role = row.process.state == 'Z' ? Role::kOther : role_of_title(row.process.title);
    row.process.generation = generation_of(row.process.title);
    if (row.process.role != Role::kMaster && row.process.role != Role::kOther)
      parents_of_titled.insert(row.process.ppid);
  }
  std::set<int64_t> untitled;
  for (const TableRow& row : rows) {
    const auto parent = by_pid.find(row.process.ppid);
    if (row.process.role != Role::kMaster || parent == by_pid.end()) continue;
    const TableRow& above = *parent->second;
    const bool below_master =
        above.process.state != 'Z' && role_of_title(above.process.title) == Role::kMaster;
    const bool executed =
        row.stack_start && above.stack_start && row.stack_start != above.stack_start;
    if (below_master && !executed && !parents_of_titled.count(row.process.pid))
      untitled.insert(row.process.pid);
  }
  for (TableRow& row : rows)
    if (untitled.count(row.process.pid)) row.process.role = Role::kUntitled;
}

std::vector<std::string> arguments_of_title(std::string_view title) {
  std::string_view own = own_part(title);
  constexpr std::string_view kMaster = "master process";
  if (!begins(own, kMaster)) return {};
  own.remove_prefix(kMaster.size());
  if (const size_t open = own.find('['); begins(title, "angie: ") && open != std::string_view::npos)
    own = own.substr(open + 1, own.rfind(']') - open - 1);  // "v1.9.0 #3 [angie -g daemon off;]"
  std::vector<std::string> out;
  bool in_value = false;
  for (const std::string_view word : base::words(own)) {
    // -g's value has blanks in it; it goes on until the next option.
    if (in_value && !is_option(word) && out.size() > 1 && !is_option(out.back()))
      out.back() += " " + std::string(word);
    else
      out.emplace_back(word);
    if (is_option(word)) in_value = word == "-g" || word == "-c" || word == "-p" || word == "-e";
  }
  return out;
}

}  // namespace ngxdiag::source

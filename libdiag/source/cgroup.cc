#include "libdiag/source/cgroup.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::source {
namespace {

bool ends(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

}  // namespace

std::string cgroup_path(std::string_view text) {
  std::string flat(text);
  // A comma begins a new line only before "NUMBER:"; controllers are joined by commas too.
  for (size_t i = 0; i < flat.size(); ++i) {
    size_t digits = i + 1;
    while (digits < flat.size() && flat[digits] >= '0' && flat[digits] <= '9') ++digits;
    if (flat[i] == ',' && digits > i + 1 && digits < flat.size() && flat[digits] == ':')
      flat[i] = '\n';
  }
  std::string best;
  int best_rank = -1;
  std::string_view rest = flat;
  while (!rest.empty()) {
    const std::string_view line = base::take_line(rest);
    const size_t first = line.find(':');
    const size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = line.substr(second + 1);
    int rank = controllers.empty() ? 2 : controllers == "name=systemd" ? 1 : 0;
    if (path == "/" || path.empty())
      rank -= 10;  // the hierarchy that is not used here tells nothing
    if (best_rank == -1 && best.empty() ? true : rank > best_rank) {
      best = path;
      best_rank = rank;
    } else if (rank == best_rank && path.size() > best.size()) {
      best = path;
    }
  }
  return best;
}

std::string unit_of_cgroup(std::string_view path) {
  std::string unit;
  for (const std::string_view part : base::split(path, '/'))
    if (ends(part, ".service")) unit = part;
  return unit;
}

std::string container_of_cgroup(std::string_view path) {
  constexpr size_t kId = 64;
  for (const std::string_view part : base::split(path, '/')) {
    size_t run = 0;
    for (size_t i = 0; i <= part.size(); ++i) {
      const bool hex = i < part.size() &&
                       ((part[i] >= '0' && part[i] <= '9') || (part[i] >= 'a' && part[i] <= 'f'));
      if (hex) {
        ++run;
      } else {
        if (run == kId) return std::string(part.substr(i - kId, kId));
        run = 0;
      }
    }
    if (part.substr(0, 12) == "lxc.payload.") return std::string(part.substr(12));
  }
  return "";
}

}  // namespace ngxdiag::source

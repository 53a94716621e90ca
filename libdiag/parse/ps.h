// ps listings in any column order that people paste: `ps aux`, `ps -ef`, `ps -eo …` with a header,
// `pgrep -a`, `pstree`-free. Example:
//   root   812  0.0  0.1  55280  1760 ?  Ss  Apr20  0:00 nginx: master process /usr/sbin/nginx -g
//   daemon on;
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

struct PsRow {
  int64_t line = 0;  // 1-based within the text
  int64_t pid = 0, ppid = 0;
  std::string user, state, wchan, args;
  std::optional<int64_t> rss_bytes, cpu_seconds, age_seconds;
  std::optional<base::CivilTime> started;  // lstart, or STIME/START as far as it tells
  bool defunct = false;
};

// Rows whose args or comm is nginx's (nginx, openresty, tengine, angie; `[nginx] <defunct>` too),
// and all other rows when `all`. Columns are found by the header; without a header by the shapes of
// `ps aux`, `ps -ef` and `pgrep -a`. Rows that cannot be read are left out. A pasted
// `grep nginx` row is left out.
std::vector<PsRow> parse_ps(std::string_view text, base::CivilTime now, bool all = false);

// "$ pgrep nginx | wc -l" followed by a number, or `pgrep -c nginx`: how many processes were
// counted, and on which line the number stands.
struct CountedProcesses {
  int64_t count = 0, line = 0;
};
std::optional<CountedProcesses> parse_process_count(std::string_view text);

}  // namespace ngxdiag::parse

// Which process of an nginx is what: by title (ngx_setproctitle) and descent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/model/process.h"

namespace ngxdiag::source {

// A process as the table gives it, with what only tells descent.
struct TableRow {
  model::Process process;
  uint64_t stack_start =
      0;  // of /proc/PID/stat: the same in a forked child, another after exec; 0 unknown
};

// "nginx", "nginx-debug", "openresty", "tengine", "angie", "freenginx": the name of an executable
// of the family (a comm is cut at 15 bytes).
bool is_family_name(std::string_view comm);
// "nginx: worker process", "angie: master process v1.9.0 #3 [nginx]".
bool is_family_title(std::string_view title);

// By the title alone; kOther when it is none of nginx's.
model::Role role_of_title(std::string_view title);

// Sets role and generation of every row. A child of a master that shows the master's title and
// never called exec is kUntitled: it was forked and has not finished its module initialisation. The
// new master of a binary upgrade (USR2) is also a child of the old one, but did call exec.
void assign_roles(std::vector<TableRow>& rows);

// The arguments of a master as its title still shows them ("nginx: master process /usr/sbin/nginx
// -g daemon on; master_process on;"): the words of an option's value are put together again.
std::vector<std::string> arguments_of_title(std::string_view title);

}  // namespace ngxdiag::source

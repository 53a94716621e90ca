// Stack frames of gdb, coredumpctl, glibc's backtrace, /proc/PID/stack, perf and valgrind. Example:
//   #1  0x00007f… in ngx_shmtx_lock (mtx=0x7f…) at src/core/ngx_shmtx.c:105
//   /usr/lib/nginx/modules/ngx_nchan_module.so(nchan_store_init_worker+0x1a)[0x7f…]
#pragma once

#include <optional>
#include <string_view>

namespace ngxdiag::parse {

struct Frame {
  int number = -1;                // -1: not numbered (glibc, /proc)
  std::string_view function;      // "??" when unknown
  std::string_view arguments;     // inside the parentheses
  std::string_view file;          // source file, or ""
  int line = 0;
  std::string_view object;        // shared object ("…/libpcre.so.3"), or ""
};

// Empty when the line is no frame.
std::optional<Frame> parse_frame(std::string_view line);

}  // namespace ngxdiag::parse

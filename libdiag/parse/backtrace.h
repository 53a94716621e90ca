// Stack frames of gdb, coredumpctl, glibc's backtrace, /proc/PID/stack, perf, valgrind and
// sanitizers. Examples:
//   #1  0x00007f58808aed90 in ngx_shmtx_lock (mtx=0x7f5878320080) at src/core/ngx_shmtx.c:105
//   #0  0x00007f1e7ce2ee0b n/a (ngx_nchan_module.so + 0x2ae0b)
//   /usr/lib/nginx/modules/ngx_nchan_module.so(nchan_store_init_worker+0x1a)[0x7f1e7ce2ee0b]
//   [<0>] futex_wait_queue+0x5e/0x90
#pragma once

#include <optional>
#include <string_view>

namespace ngxdiag::parse {

struct Frame {
  int number = -1;             // -1: not numbered (glibc, /proc, gdb's line before the frames)
  std::string_view function;   // "??" when unknown; "<signal handler called>" of gdb
  std::string_view arguments;  // inside the parentheses
  std::string_view file;       // source file, or ""
  int line = 0;
  std::string_view
      object;  // shared object ("…/libpcre.so.3"), program title of glibc's form, or ""
};

// Empty when the line is no frame.
std::optional<Frame> parse_frame(std::string_view line);

// gdb wraps long frames: the source file of a continuation "    at src/core/ngx_cycle.c:484"; empty
// when the line is none.
std::string_view parse_frame_place(std::string_view line);

}  // namespace ngxdiag::parse

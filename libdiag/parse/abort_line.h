// Lines without time that libc and others write to standard error as a process dies; nginx makes
// its main error log the standard error of all processes, so they land there (or in the journal).
// Example:
//   ker process: /build/…/memstore.c:705: nchan_store_init_worker: Assertion `procslot_found == 1'
//   failed.
#pragma once

#include <optional>
#include <string_view>

namespace ngxdiag::parse {

// glibc's assert line; its program name is what setproctitle left of argv[0]: it begins in the
// middle and may hold blanks and colons ("ter process /usr/sbin/nginx -g daemon on; master_process
// on;").
struct AssertionLine {
  std::string_view title;  // what is left of the program name
  std::string_view file;   // "/build/…/memstore.c"
  int line = 0;
  std::string_view function;
  std::string_view expression;
};
// musl's and BSD's forms are read too ("Assertion failed: EXPR (FILE: FUNCTION: LINE)"). Framing is
// stripped. Empty on anything else.
std::optional<AssertionLine> parse_assertion(std::string_view line);

// Other aborts: glibc heap checks ("free(): invalid pointer", "malloc(): …", "corrupted size vs.
// prev_size", "double free or corruption", "*** Error in `nginx: worker process': …"), fortify
// ("*** buffer overflow detected ***: terminated"), "terminate called …", "nginx: lua atpanic: …".
// The kind as a slug ("heap", "fortify", "stack-smashing", "terminate", "lua-atpanic"), or "" when
// the line is none of these. Framing is stripped; the text must begin the line.
std::string_view abort_text_kind(std::string_view line);

}  // namespace ngxdiag::parse

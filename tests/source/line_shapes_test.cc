#include "libdiag/source/line_shapes.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag::source;

TEST_CASE("a date and a bracket make an error-log line, a date alone does not") {
  CHECK(is_dated_error_line("2026/04/21 23:18:20 [alert] 812#812: x"));
  CHECK_FALSE(is_dated_error_line("2026/04/21 23:18:20 ["));
  CHECK_FALSE(is_dated_error_line("2026/04/21 23:18:20 something else here"));
  CHECK(is_error_line("2019/10/16 14:MM:SS [crit] 31375#31375: *X connect()"));
  CHECK_FALSE(is_error_line("[critical] thing"));
  CHECK_FALSE(is_error_line("*** bold ***"));
}

TEST_CASE("acme.sh dates have a zone, dmesg -T dates have none") {
  CHECK(is_acme_sh_line("[Wed Jun 30 11:34:57 CST 2021] Lets finalize the order."));
  CHECK_FALSE(is_kernel_line("[Wed Jun 30 11:34:57 CST 2021] Lets finalize the order."));
  CHECK(is_kernel_line("[Thu Jun 30 04:27:42 2022] nginx[101475]: segfault"));
  CHECK_FALSE(is_acme_sh_line("[Thu Jun 30 04:27:42 2022] nginx[101475]: segfault"));
}

TEST_CASE("in foreign text only nginx's own names make a directive") {
  CHECK(is_config_line("anything at all;", false));
  CHECK_FALSE(is_config_line("anything at all;", true));
  CHECK(is_config_line("proxy_pass http://x;", true));
  CHECK(is_config_line("listen 80;  # plain", true));
  CHECK_FALSE(is_config_line("}", false));
  CHECK_FALSE(is_config_line("if x:", false));
}

TEST_CASE("rows of lists are told from sentences") {
  CHECK(is_module_line("vts 0.1.13"));
  CHECK_FALSE(is_module_line("about 12.5 percent"));
  CHECK_FALSE(is_module_line("nginx:"));
  CHECK(is_limits_line("open files                          (-n) 1024"));
  CHECK_FALSE(is_limits_line("Max the cat"));
}

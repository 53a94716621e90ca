#include "libdiag/analyze/stacks.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("the innermost frame and the modules on the stack are told") {
  const auto facts =
      Scene()
          .with("backtrace.txt",
                "#0  0x00007ffff73 in strlen () from /lib/libc.so.6\n"
                "#1  0x0000555555 in ngx_http_lua_run (r=0x5) at /src/lua-nginx-module/src/x.c:12\n"
                "#2  0x0000555556 in ngx_process_events_and_timers (cycle=0x1) at "
                "src/event/ngx_event.c:247\n")
          .facts();
  CHECK(facts.text("stack.top")->starts_with("strlen"));
  CHECK(list(facts, "stack.modules").front() == "lua");
  CHECK(facts.number("stack.depth") == 2);
  CHECK(facts.text("stack.culprit") == "lua");
}

TEST_CASE("the culprit is the innermost module of its own, below core and libraries") {
  const auto facts =
      Scene()
          .with("backtrace.txt",
                "#0  0x00007ffff73 in memset () from /lib/libc.so.6\n"
                "#1  0x0000555555 in ngx_pcalloc (pool=0x5) at src/core/ngx_palloc.c:304\n"
                "#2  0x0000555556 in ?? () from "
                "/usr/lib/nginx/modules/ngx_http_vhost_traffic_status_module.so\n"
                "#3  0x0000555557 in ngx_http_lua_run_thread (L=0x6)\n")
          .facts();
  CHECK(facts.text("stack.culprit") == "vts");
}

TEST_CASE("a frame that gdb wrapped keeps its source file") {
  const auto facts =
      Scene()
          .with("backtrace.txt",
                "#0  0x0000555555 in ngx_http_upstream_check_find_shm_peer (addr=0x5, p=0x6)\n"
                "    at ../ngx_healthcheck_module/ngx_http_upstream_check_module.c:3882\n")
          .facts();
  CHECK(facts.text("stack.top")->ends_with("ngx_http_upstream_check_module.c"));
}

TEST_CASE("a stack of core frames alone has no culprit") {
  const auto facts = Scene()
                         .with("backtrace.txt",
                               "#0  0x0000555555 in ngx_palloc (pool=0x0) at "
                               "src/core/ngx_palloc.c:130\n")
                         .facts();
  CHECK(facts.find("stack.culprit") == nullptr);
}

TEST_CASE("no backtrace, no facts") { CHECK(Scene().facts().find("stack.seen") == nullptr); }

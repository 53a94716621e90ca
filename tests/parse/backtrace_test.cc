#include "libdiag/parse/backtrace.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

TEST_CASE("gdb's frames") {
  auto frame = parse_frame(
      "#3  0x00007f58808aed90 in __new_sem_wait_slow64 (sem=0x7f5878320080, abstime=0x0, "
      "clockid=0) at ./nptl/sem_waitcommon.c:183");
  REQUIRE(frame);
  CHECK(frame->number == 3);
  CHECK(frame->function == "__new_sem_wait_slow64");
  CHECK(frame->arguments == "sem=0x7f5878320080, abstime=0x0, clockid=0");
  CHECK(frame->file == "./nptl/sem_waitcommon.c");
  CHECK(frame->line == 183);
  frame = parse_frame(
      "#5  0x00007f588044997e in ?? () from /usr/lib/nginx/modules/ngx_nchan_module.so");
  REQUIRE(frame);
  CHECK(frame->function == "??");
  CHECK(frame->object == "/usr/lib/nginx/modules/ngx_nchan_module.so");
  frame = parse_frame("#4  0x000055bfc0fecbf8 in ngx_shmtx_lock ()");
  REQUIRE(frame);
  CHECK(frame->function == "ngx_shmtx_lock");
  CHECK(frame->arguments.empty());
  frame = parse_frame(
      "#9 qat_engine_poll (log=0x64c9d80) at "
      "modules/nginx_qat_module/ngx_ssl_engine_qat_module.c:542");
  REQUIRE(frame);
  CHECK(frame->number == 9);
  CHECK(frame->line == 542);
  frame = parse_frame("#2  std::__cxx11::basic_string<...>::assign (__s=0x0, ...)");
  REQUIRE(frame);
  CHECK(frame->function == "std::__cxx11::basic_string<...>::assign");
  frame = parse_frame("#3  <signal handler called>");
  REQUIRE(frame);
  CHECK(frame->function == "<signal handler called>");
}

TEST_CASE("arguments may hold parentheses, quotes and complaints") {
  auto frame = parse_frame(
      "#0  0x00000000004e68df in ngx_rtmp_notify_connect (s=Cannot access memory at address "
      "0x7fffff7fefc8) at ../nginx-rtmp-module/ngx_rtmp_notify_module.c:976");
  REQUIRE(frame);
  CHECK(frame->line == 976);
  frame = parse_frame("#1  f (a=0x1 \"x) at y:3\", b=(struct s *) 0x2) at z.c:7");
  REQUIRE(frame);
  CHECK(frame->file == "z.c");
  CHECK(frame->line == 7);
}

TEST_CASE("cut frames and gdb's stop line") {
  auto frame = parse_frame("#0  0x0000564d4775daf4 in ngx_http_waf_handler_check...");
  REQUIRE(frame);
  CHECK(frame->function == "ngx_http_waf_handler_check...");
  frame = parse_frame(
      "ngx_clean_old_cycles (ev=0x55555562b2c0 <ngx_cleaner_event>) at src/core/ngx_cycle.c:1403");
  REQUIRE(frame);
  CHECK(frame->number == -1);
  CHECK(frame->function == "ngx_clean_old_cycles");
  frame = parse_frame(
      "0x00000000004d258b in ngx_http_fastcgi_init_params (cf=0x7fffffffe7d0, conf=0x9124e0) at "
      "src/http/modules/ngx_http_fastcgi_module.c:2853");
  REQUIRE(frame);
  CHECK(frame->line == 2853);
}

TEST_CASE("coredumpctl, also within the journal") {
  auto frame =
      parse_frame("                #0  0x00007f1e7ce2ee0b n/a (ngx_nchan_module.so + 0x2ae0b)");
  REQUIRE(frame);
  CHECK(frame->number == 0);
  CHECK(frame->function == "??");
  CHECK(frame->object == "ngx_nchan_module.so");
  frame = parse_frame("#1  0x000055bfc0feffe4 ngx_spawn_process (nginx + 0x3f2a1)");
  REQUIRE(frame);
  CHECK(frame->function == "ngx_spawn_process");
  CHECK(frame->object == "nginx");
  frame = parse_frame(
      "Apr 21 23:18:20 web1 systemd-coredump[9]: #1  0x000055bfc0feffe4 ngx_spawn_process (nginx + "
      "0x3f2a1)");
  REQUIRE(frame);
  CHECK(frame->object == "nginx");
}

TEST_CASE("coredumpctl's frames pasted without their numbers") {
  const auto frame = parse_frame("0x00007ff314806526 sljit_free_exec (libpcre2-8.so.0 + 0x22526)");
  REQUIRE(frame);
  CHECK(frame->function == "sljit_free_exec");
  CHECK(frame->object == "libpcre2-8.so.0");
  CHECK(frame->number == -1);
  CHECK_FALSE(parse_frame("0x00007ff314806526 is a long number (see below)"));
}

TEST_CASE("lldb's frames") {
  const auto frame = parse_frame(
      "  * frame #2: 0x000000010a2b3c4d nginx`ngx_http_perl_handler(r=0x0000) at perl.c:33:7");
  REQUIRE(frame);
  CHECK(frame->number == 2);
  CHECK(frame->function == "ngx_http_perl_handler");
  CHECK(frame->arguments == "r=0x0000");
  CHECK(frame->file == "perl.c");
  CHECK(frame->object == "nginx");
  CHECK_FALSE(parse_frame("frame #2: nothing here"));
}

TEST_CASE("gdb wraps long frames") {
  CHECK(
      parse_frame_place("    at ../ngx_healthcheck_module/ngx_http_upstream_check_module.c:3882") ==
      "../ngx_healthcheck_module/ngx_http_upstream_check_module.c");
  CHECK(parse_frame_place("    at once").empty());
  CHECK(parse_frame_place("").empty());
}

TEST_CASE("glibc's backtrace") {
  auto frame = parse_frame(
      "/etc/nginx/modules/"
      "ngx_http_vhost_traffic_status_module.so(ngx_http_vhost_traffic_status_escape_json_pool+0x1e)"
      "[0x7f103148f8fe]");
  REQUIRE(frame);
  CHECK(frame->function == "ngx_http_vhost_traffic_status_escape_json_pool");
  CHECK(frame->object == "/etc/nginx/modules/ngx_http_vhost_traffic_status_module.so");
  frame = parse_frame("nginx: worker process(ngx_memalign+0x2f)[0x55ac85ce48bf]");
  REQUIRE(frame);
  CHECK(frame->function == "ngx_memalign");
  CHECK(frame->object == "nginx: worker process");
  frame = parse_frame("/usr/sbin/nginx(+0x3f2a1)[0x55ac85ce48bf]");
  REQUIRE(frame);
  CHECK(frame->function == "??");
  frame = parse_frame("nginx: worker process[0x4a5d9b]");
  REQUIRE(frame);
}

TEST_CASE("/proc/PID/stack, perf, valgrind, sanitizers") {
  auto frame = parse_frame("[<0>] futex_do_wait+0x46/0x90");
  REQUIRE(frame);
  CHECK(frame->function == "futex_do_wait");
  frame = parse_frame("[<ffffffff810e1c9b>] futex_wait_queue_me+0xdb/0x140 [kvm]");
  REQUIRE(frame);
  CHECK(frame->object == "kvm");
  frame = parse_frame("\t    7f3c2a1b0e0b ngx_shmtx_lock+0x2b (/usr/sbin/nginx)");
  REQUIRE(frame);
  CHECK(frame->function == "ngx_shmtx_lock");
  CHECK(frame->object == "/usr/sbin/nginx");
  frame = parse_frame("==812==    by 0x4F2A1: ngx_alloc (ngx_alloc.c:22)");
  REQUIRE(frame);
  CHECK(frame->function == "ngx_alloc");
  CHECK(frame->line == 22);
  frame =
      parse_frame("==812==    at 0x4C2FB0F: malloc (in /usr/lib/valgrind/vgpreload_memcheck.so)");
  REQUIRE(frame);
  CHECK(frame->object == "/usr/lib/valgrind/vgpreload_memcheck.so");
  frame = parse_frame("    #0 0x55bfc0feffe4 in ngx_foo /src/ngx_foo.c:12:3");
  REQUIRE(frame);
  CHECK(frame->function == "ngx_foo");
  CHECK(frame->file == "/src/ngx_foo.c");
  CHECK(frame->line == 12);
  frame = parse_frame("    #1 0x7f1e7ce2ee0b  (/usr/lib/x.so+0x1234)");
  REQUIRE(frame);
  CHECK(frame->object == "/usr/lib/x.so");
}

TEST_CASE("other lines are no frames, any bytes are harmless") {
  for (const std::string_view text :
       {"", "#", "#1", "Program terminated with signal SIGSEGV, Segmentation fault.",
        "3259\t    cscf->file_name = cf->conf_file->file.name.data;",
        "======= Backtrace: =========", "[Thread debugging using libthread_db enabled]",
        "[Inferior 1 (process 3702) detached]",
        "2026/04/21 23:18:20 [alert] 1#1: worker process 9 exited on signal 11 (core dumped)",
        "2026/04/21 23:18:20 [error] 5#5: *1 open() \"/x\" failed (2: No such file or directory)",
        "# a comment (x) at y:3",
        "nginx[5]: segfault at 0 ip 0 sp 0 error 4 in nginx[400000+b1000]", "worker_processes 4;",
        "root 812 0.0 0.1 nginx: master process",
        "connect() failed (111: Connection refused) while connecting to upstream"})
    CHECK_FALSE(parse_frame(text));
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  parse_frame("#1 0x1 in " + all + " (" + all);
  parse_frame("#99999999999999999999 0x1 in f ()");
  parse_frame(std::string(100000, '('));
  parse_frame("#1  f " + std::string(100000, '('));
}

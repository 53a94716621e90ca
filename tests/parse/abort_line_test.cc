#include "libdiag/parse/abort_line.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

TEST_CASE("glibc's assertion line with a cut title") {
  const auto line = parse_assertion(
      "ker process: /build/nchan/src/store/memory/memstore.c:705: nchan_store_init_worker: "
      "Assertion `procslot_found == 1' failed.");
  REQUIRE(line);
  CHECK(line->title == "ker process");
  CHECK(line->file == "/build/nchan/src/store/memory/memstore.c");
  CHECK(line->line == 705);
  CHECK(line->function == "nchan_store_init_worker");
  CHECK(line->expression == "procslot_found == 1");
}

TEST_CASE("the title may hold blanks, colons and semicolons") {
  const auto line = parse_assertion(
      "ter process /usr/sbin/nginx -g daemon on; master_process on;: "
      "/build/nginx-Fe6XOS/nginx-1.21.1/debian/modules/nchan/src/store/memory/memstore.c:720: "
      "nchan_store_init_worker: Assertion `procslot_found == 1' failed.");
  REQUIRE(line);
  CHECK(line->title == "ter process /usr/sbin/nginx -g daemon on; master_process on;");
  CHECK(line->line == 720);
  const auto colon = parse_assertion("a: b:7: c: /x/y.c:12: f: Assertion `p' failed.");
  REQUIRE(colon);
  CHECK(colon->title == "a: b:7: c");
  CHECK(colon->file == "/x/y.c");
  CHECK(colon->line == 12);
}

TEST_CASE("assertions without title, without function, in C++, within a frame") {
  auto line = parse_assertion("y.c:12: f: Assertion `0' failed.");
  REQUIRE(line);
  CHECK(line->title.empty());
  CHECK(line->file == "y.c");
  line = parse_assertion("nginx: y.c:12: Assertion `a == b' failed.");
  REQUIRE(line);
  CHECK(line->function.empty());
  CHECK(line->line == 12);
  line = parse_assertion("nginx: y.cc:12: void a::b(int): Assertion `it->second' failed.");
  REQUIRE(line);
  CHECK(line->function == "void a::b(int)");
  line = parse_assertion(
      "Apr 21 23:18:20 web1 nginx[812]: ter process: y.c:12: f: Assertion `0' failed.");
  REQUIRE(line);
  CHECK(line->title == "ter process");
  line = parse_assertion("nginx_1  | ker process: y.c:12: f: Assertion `proc->active' failed.\r");
  REQUIRE(line);
  CHECK(line->expression == "proc->active");
}

TEST_CASE("musl's and BSD's assertion lines") {
  auto line = parse_assertion(
      "Assertion failed: procslot_found == 1 (src/store/memory/memstore.c: "
      "nchan_store_init_worker: 705)");
  REQUIRE(line);
  CHECK(line->expression == "procslot_found == 1");
  CHECK(line->function == "nchan_store_init_worker");
  CHECK(line->line == 705);
  line = parse_assertion(
      "Assertion failed: (procslot_found == 1), function nchan_store_init_worker, file memstore.c, "
      "line 705.");
  REQUIRE(line);
  CHECK(line->file == "memstore.c");
  CHECK(line->line == 705);
}

TEST_CASE("other lines are no assertions") {
  CHECK_FALSE(
      parse_assertion("2026/04/21 23:18:20 [alert] 1#1: worker process 2 exited on signal 6"));
  CHECK_FALSE(parse_assertion("Assertion"));
  CHECK_FALSE(parse_assertion("x: Assertion `y' failed."));
  CHECK_FALSE(parse_assertion("f:x: g: Assertion `y' failed."));
  CHECK_FALSE(parse_assertion(": Assertion `' failed"));
  CHECK_FALSE(parse_assertion("a.c:99999999999999999999: f: Assertion `y' failed."));
}

TEST_CASE("other aborts by kind") {
  CHECK(abort_text_kind("free(): invalid pointer") == "heap");
  CHECK(abort_text_kind("malloc(): unaligned tcache chunk detected") == "heap");
  CHECK(abort_text_kind("corrupted size vs. prev_size") == "heap");
  CHECK(abort_text_kind("double free or corruption (!prev)") == "heap");
  CHECK(abort_text_kind("*** Error in `nginx: worker process': corrupted size vs. prev_size: "
                        "0x000055ac87e8cad0 ***") == "heap");
  CHECK(abort_text_kind("*** buffer overflow detected ***: terminated") == "fortify");
  CHECK(abort_text_kind("*** stack smashing detected ***: <unknown> terminated") ==
        "stack-smashing");
  CHECK(abort_text_kind("terminate called after throwing an instance of 'std::bad_alloc'") ==
        "terminate");
  CHECK(abort_text_kind("nginx: lua atpanic: Lua VM crashed, reason: not enough memory") ==
        "lua-atpanic");
  CHECK(abort_text_kind("nginx_1 | free(): invalid pointer") == "heap");
  CHECK(abort_text_kind("").empty());
}

TEST_CASE("an abort's text within a message is none") {
  CHECK(abort_text_kind(
            "2026/04/21 23:18:20 [error] 5#5: *1 open() \"/free(): invalid pointer\" failed")
            .empty());
  CHECK(abort_text_kind("said free(): invalid pointer").empty());
}

#include "libdiag/parse/maps.h"

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

TEST_CASE("/proc/PID/maps names the files that are loaded") {
  auto file = parse_mapped_file(
      "7f1c2a600000-7f1c2a700000 r-xp 00000000 08:01 1312                       "
      "/usr/lib/nginx/modules/ngx_nchan_module.so");
  REQUIRE(file);
  CHECK(file->path == "/usr/lib/nginx/modules/ngx_nchan_module.so");
  CHECK_FALSE(file->deleted);
  file = parse_mapped_file(
      "7f1c2a600000-7f1c2a700000 r-xp 00000000 08:01 1312 /usr/sbin/nginx (deleted)");
  REQUIRE(file);
  CHECK(file->path == "/usr/sbin/nginx");
  CHECK(file->deleted);
  file = parse_mapped_file("7f1c2a600000-7f1c2a700000 r-xp 00000000 00:2b 1312 /opt/my dir/x.so");
  REQUIRE(file);
  CHECK(file->path == "/opt/my dir/x.so");
}

TEST_CASE("anonymous and special mappings have no file") {
  for (const std::string_view line :
       {"7f1c2a600000-7f1c2a700000 rw-p 00000000 00:00 0 ",
        "7ffc1c089000-7ffc1c0aa000 rw-p 00000000 00:00 0                          [stack]",
        "7f1c2a600000-7f1c2a700000 rw-s 00000000 00:01 77 /dev/zero (deleted)",
        "7f1c2a600000-7f1c2a700000 rw-s 00000000 00:01 77 /SYSV00000000 (deleted)", "", "hello",
        "/usr/lib/nginx/modules/x.so",
        "lrwxrwxrwx 1 root root 54 Mar  3 10:11 50-mod.conf -> /usr/share/x"})
    CHECK_FALSE(parse_mapped_file(line));
}

TEST_CASE("pmap and lsof") {
  auto file = parse_mapped_file("00007f1c2a600000     92K r-x-- /usr/lib/nginx/modules/x.so");
  REQUIRE(file);
  CHECK(file->path == "/usr/lib/nginx/modules/x.so");
  file = parse_mapped_file(
      "00007f1c2a600000      92      80       0 r-x-- /usr/lib/nginx/modules/x.so");
  REQUIRE(file);
  file = parse_mapped_file(
      "nginx   812 root  mem    REG    8,1    97088     1312 /usr/lib/nginx/modules/x.so");
  REQUIRE(file);
  CHECK(file->path == "/usr/lib/nginx/modules/x.so");
  file = parse_mapped_file(
      "nginx   812 root  DEL    REG    8,1              1312 /usr/lib/nginx/modules/x.so");
  REQUIRE(file);
  CHECK(file->deleted);
  CHECK_FALSE(parse_mapped_file(
      "nginx   812 root   5w   REG    8,1    97088     1312 /var/log/nginx/error.log"));
}

TEST_CASE("limits") {
  CHECK(
      parse_limit("Max open files            1024                 524288               files     ",
                  "Max open files") == 1024);
  CHECK(
      parse_limit("Max core file size        unlimited            unlimited            bytes     ",
                  "Max core file size") == -1);
  CHECK_FALSE(parse_limit("Max open files            1024  524288  files", "Max processes"));
  CHECK_FALSE(parse_limit("Max open files", "Max open files"));
  CHECK_FALSE(parse_limit("", "Max open files"));
}

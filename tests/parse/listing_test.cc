#include "libdiag/parse/listing.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::parse;

namespace {
const base::CivilTime kNear = *base::civil(2026, 4, 21);
}

TEST_CASE("a link of modules-enabled") {
  const auto row = parse_listing_row(
      "lrwxrwxrwx 1 root root 54 Mar  3 10:11 50-mod-nchan.conf -> "
      "/usr/share/nginx/modules-available/mod-nchan.conf",
      kNear);
  REQUIRE(row);
  CHECK(row->mode == "lrwxrwxrwx");
  CHECK(row->owner == "root");
  CHECK(row->size == 54);
  CHECK(row->modified == base::civil(2026, 3, 3, 10, 11));
  CHECK(row->name == "50-mod-nchan.conf");
  CHECK(row->target == "/usr/share/nginx/modules-available/mod-nchan.conf");
}

TEST_CASE("dates with a year, in ISO form, of another language") {
  auto row = parse_listing_row("-rw-r--r-- 1 root www-data 1704 Nov 12  2024 privkey.pem", kNear);
  REQUIRE(row);
  CHECK(row->modified == base::civil(2024, 11, 12));
  CHECK(row->group == "www-data");
  CHECK(row->target.empty());
  row = parse_listing_row("-rw-r--r-- 1 root root 0 2026-04-21 23:18 cert.pem", kNear);
  REQUIRE(row);
  CHECK(row->modified == base::civil(2026, 4, 21, 23, 18));
  row = parse_listing_row(
      "-rw-r--r-- 1 root root 0 2026-04-21 23:18:20.123456789 +0200 my cert.pem", kNear);
  REQUIRE(row);
  CHECK(row->modified == base::civil(2026, 4, 21, 23, 18, 20));
  CHECK(row->name == "my cert.pem");
  row = parse_listing_row("-rw-r--r-- 1 root root 0 avril 21 23:18 cert.pem", kNear);
  REQUIRE(row);
  CHECK_FALSE(row->modified);
  CHECK(row->name == "cert.pem");
}

TEST_CASE("inodes, labels, ACLs, devices, find -ls") {
  auto row = parse_listing_row(
      "  262154      4 -rw-------   1 root     root         1704 Apr 20 23:18 "
      "/etc/letsencrypt/privkey.pem",
      kNear);
  REQUIRE(row);
  CHECK(row->name == "/etc/letsencrypt/privkey.pem");
  CHECK(row->size == 1704);
  row = parse_listing_row(
      "-rw-r--r--. 1 root root system_u:object_r:httpd_config_t:s0 77 Apr 20 23:18 nginx.conf",
      kNear);
  REQUIRE(row);
  CHECK(row->mode == "-rw-r--r--");
  CHECK(row->size == 77);
  row = parse_listing_row("crw-rw-rw- 1 root root 1, 3 Apr 20 23:18 null", kNear);
  REQUIRE(row);
  CHECK(row->name == "null");
}

TEST_CASE("other lines are no rows") {
  for (const std::string_view text :
       {"", "total 0", "lrwxrwxrwx", "lrwxrwxrwx 1 root root 54 Mar  3 10:11", "-rw-r--r-- x",
        "root 812 0.0 0.1 nginx", "1 2 3 4 5",
        "-rw-r--r-- 1 root root 99999999999999999999 Apr 20 23:18 x"})
    CHECK_FALSE(parse_listing_row(text, kNear));
}

TEST_CASE("the directory of rows") {
  CHECK(parse_listing_directory("/etc/nginx/modules-enabled:") == "/etc/nginx/modules-enabled");
  CHECK(parse_listing_directory("$ ls -l /etc/nginx/modules-enabled/") ==
        "/etc/nginx/modules-enabled");
  CHECK(parse_listing_directory("root@web1:~# ls -la /etc/nginx/modules-enabled | head") ==
        "/etc/nginx/modules-enabled");
  CHECK(parse_listing_directory("# sudo ls -l --time-style=full-iso /etc/letsencrypt/live/a/") ==
        "/etc/letsencrypt/live/a");
  CHECK(parse_listing_directory("ls -l /") == "/");
  CHECK(parse_listing_directory("$ ls /etc/nginx").empty());
  CHECK(parse_listing_directory("$ cat /etc/nginx/nginx.conf").empty());
  CHECK(parse_listing_directory("error: x").empty());
  CHECK(parse_listing_directory("").empty());
}

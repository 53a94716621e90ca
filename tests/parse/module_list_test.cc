#include "libdiag/parse/module_list.h"

#include <string>

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::parse;

TEST_CASE("dpkg -l") {
  auto row = parse_listed_module(
      "ii  libnginx-mod-nchan  1:1.3.6+dfsg-2  amd64  Fast, flexible pubsub server for Nginx");
  REQUIRE(row);
  CHECK(row->name == "libnginx-mod-nchan");
  CHECK(row->version == "1:1.3.6+dfsg-2");
  CHECK(parse_listed_module("hi  libpcre3:amd64 2:8.39-15 amd64 x")->name == "libpcre3");
  CHECK_FALSE(parse_listed_module("rc  libnginx-mod-nchan  1:1.3.6+dfsg-2  amd64  removed"));
  CHECK_FALSE(parse_listed_module("un  nginx-full  <none>  <none>  (no description available)"));
  CHECK_FALSE(parse_listed_module("||/ Name           Version      Architecture Description"));
}

TEST_CASE("rpm, apk, apt, pacman and plain rows") {
  auto row = parse_listed_module("nginx-mod-http-perl-1.20.1-14.el9.x86_64");
  REQUIRE(row);
  CHECK(row->name == "nginx-mod-http-perl");
  CHECK(row->version == "1.20.1-14.el9");
  row = parse_listed_module("nginx-1.24.0-r7 x86_64 {nginx} (BSD-2-Clause) [installed]");
  REQUIRE(row);
  CHECK(row->version == "1.24.0-r7");
  row = parse_listed_module("nginx/stable,now 1.22.1-9+deb12u1 amd64 [installed]");
  REQUIRE(row);
  CHECK(row->name == "nginx");
  CHECK(row->version == "1.22.1-9+deb12u1");
  row = parse_listed_module(
      "nginx/stable-security 1.22.1-9+deb12u2 amd64 [upgradable from: 1.22.1-9+deb12u1]");
  REQUIRE(row);
  CHECK(row->version == "1.22.1-9+deb12u1");
  CHECK(parse_listed_module("vts 0.1.13")->version == "0.1.13");
  CHECK(parse_listed_module("otel 30+0.1-1~jammy")->version == "30+0.1-1~jammy");
  CHECK(parse_listed_module("nginx 1.24.0-2ubuntu7.10")->name == "nginx");
  CHECK(parse_listed_module("libnginx-mod-nchan\t1:1.3.6+dfsg-2")->version == "1:1.3.6+dfsg-2");
  row = parse_listed_module("libnginx-mod-http-lua");
  REQUIRE(row);
  CHECK(row->version.empty());
}

TEST_CASE("histories tell when and from what") {
  auto row = parse_listed_module(
      "2026-06-08 06:12:33 upgrade nginx:amd64 1.24.0-2ubuntu7.9 1.24.0-2ubuntu7.10");
  REQUIRE(row);
  CHECK(row->name == "nginx");
  CHECK(row->version == "1.24.0-2ubuntu7.10");
  CHECK(row->previous == "1.24.0-2ubuntu7.9");
  CHECK(row->upgraded == base::civil(2026, 6, 8, 6, 12, 33));
  row = parse_listed_module(
      "2026-06-08 06:12:33 install libnginx-mod-nchan:amd64 <none> 1:1.3.6+dfsg-2");
  REQUIRE(row);
  CHECK(row->previous.empty());
  row = parse_listed_module(
      "2026-06-08T06:12:33+0200 SUBDEBUG Upgrade: nginx-1:1.20.1-14.el9.x86_64");
  REQUIRE(row);
  CHECK(row->version == "1:1.20.1-14.el9");
  CHECK_FALSE(parse_listed_module("2026-06-08 06:12:33 status half-configured nginx:amd64 1.24.0"));
}

TEST_CASE("apt's history") {
  const std::string_view line =
      "Upgrade: libc6:amd64 (2.39-0ubuntu8.3, 2.39-0ubuntu8.4), nginx:amd64 (1.24.0-2ubuntu7.9, "
      "1.24.0-2ubuntu7.10), x:amd64 (1, automatic)";
  const auto all = parse_apt_upgrades(line);
  REQUIRE(all.size() == 3);
  CHECK(all[0].previous == "2.39-0ubuntu8.3");
  CHECK(all[2].version == "1");
  CHECK(parse_listed_module(line)->name == "nginx");
  CHECK(parse_listed_module(line)->version == "1.24.0-2ubuntu7.10");
  CHECK(parse_apt_date("Start-Date: 2026-06-08  06:12:33") == base::civil(2026, 6, 8, 6, 12, 33));
  CHECK_FALSE(parse_apt_date("End-Date: 2026-06-08  06:12:33"));
  CHECK(parse_apt_upgrades("Upgrade: broken").empty());
}

TEST_CASE("other lines are empty") {
  for (const std::string_view text :
       {"", "Segmentation fault", "worker_processes 4;", "load_module modules/x.so;", "a b c",
        "2026/04/21 23:18:20 [alert] 1#1: x", "123", "nginx: [emerg] x",
        "+++-====-====", "Desired=Unknown/Install/Remove/Purge/Hold"})
    CHECK_FALSE(parse_listed_module(text));
}

#include "libdiag/parse/resolv_conf.h"

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

TEST_CASE("name servers with their lines") {
  const ResolvConf found = parse_resolv_conf(
      "# nameserver 192.0.2.9\nsearch example.net\nnameserver 127.0.0.53\nnameserver "
      "fe80::1%eth0\n");
  CHECK(found.nameservers == std::vector<std::string>{"127.0.0.53", "fe80::1%eth0"});
  CHECK(found.lines == std::vector<int>{3, 4});
}

TEST_CASE("none") {
  CHECK(parse_resolv_conf("").nameservers.empty());
  CHECK(parse_resolv_conf("nameserver\n;nameserver 192.0.2.1\n").nameservers.empty());
}

#include "libdiag/source/network_places.h"

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

namespace {

using Paths = std::vector<std::string>;

Paths paths(std::map<std::string, std::string> content) {
  Paths out;
  for (const Document& document : network_documents(memory_files(std::move(content))))
    out.push_back(document.path);
  return out;
}

}  // namespace

TEST_CASE("name servers, and the filters that are switched on") {
  CHECK(paths({{"/etc/nftables.conf", "flush ruleset\n"}}).empty());
  CHECK(paths({{"/etc/resolv.conf", "nameserver 192.0.2.1\n"},
               {"/etc/nftables.conf", "flush ruleset\n"},
               {"/etc/systemd/system/sysinit.target.wants/nftables.service", "-> /lib/x"}}) ==
        Paths{"/etc/resolv.conf", "/etc/nftables.conf"});
  CHECK(paths({{"/etc/ufw/ufw.conf", "LOGLEVEL=low\nENABLED=no\n"}}).empty());
}

TEST_CASE("ufw's settings and rules are one text") {
  const auto documents = network_documents(
      memory_files({{"/etc/ufw/ufw.conf", "ENABLED=yes\n"},
                    {"/etc/default/ufw", "DEFAULT_INPUT_POLICY=\"DROP\"\n"},
                    {"/etc/ufw/user.rules", "-A ufw-user-input -p tcp --dport 80 -j ACCEPT\n"}}));
  REQUIRE(documents.size() == 1);
  model::Gap gap;
  CHECK(read_some(*documents[0].open(gap), 4096) ==
        "ENABLED=yes\n\nDEFAULT_INPUT_POLICY=\"DROP\"\n\n-A ufw-user-input -p tcp --dport 80 -j "
        "ACCEPT\n");
  CHECK(documents[0].kind == model::Kind::kFirewall);
}

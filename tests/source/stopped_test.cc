#include "libdiag/source/stopped.h"

#include <doctest/doctest.h>

#include "libdiag/source/files.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

TEST_CASE("no program, no stopped nginx") {
  CHECK_FALSE(stopped_instance(memory_files({{"/etc/nginx/nginx.conf", "events {}\n"}})));
}

TEST_CASE("an installed program with its unit") {
  const auto found = stopped_instance(
      memory_files({{"/usr/sbin/nginx", "ELF"},
                    {"/lib/systemd/system/nginx.service", "[Service]\nPIDFile=/run/nginx.pid\n"}}));
  REQUIRE(found);
  CHECK(found->stopped);
  CHECK(found->master_pid == 0);
  CHECK(found->exe == "/usr/sbin/nginx");
  CHECK(found->unit == "nginx.service");
  REQUIRE(found->documents.size() == 2);
  CHECK(found->documents[0].kind == model::Kind::kNginxVersion);
  CHECK(found->documents[1].path == "/lib/systemd/system/nginx.service");
}

TEST_CASE("a program without a unit") {
  const auto found = stopped_instance(memory_files({{"/usr/local/nginx/sbin/nginx", "ELF"}}));
  REQUIRE(found);
  CHECK(found->unit.empty());
}

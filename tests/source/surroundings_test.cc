#include "libdiag/source/surroundings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"
#include "tests/source/tree.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

TEST_CASE("ACME state, units and packages are found under their host paths, keys are not") {
  const auto files = memory_files(
      {{"/etc/letsencrypt/renewal/a.conf", "installer = nginx\n"},
       {"/etc/letsencrypt/live/a/privkey.pem", "secret"},
       {"/var/log/letsencrypt/letsencrypt.log", "x\n"},
       {"/etc/systemd/system/nginx.service.d/limits.conf", "[Service]\nLimitNOFILE=1024\n"},
       {"/var/lib/dpkg/status",
        "Package: nginx\nStatus: install ok installed\nVersion: 1.22.1-9\n"},
       {"/var/log/dpkg.log", "2026-05-01 06:12:13 upgrade nginx:amd64 1 2\n"}});
  const auto documents = surroundings(files);
  std::vector<std::string> paths;
  for (const Document& document : documents) paths.push_back(document.path);
  CHECK(paths == std::vector<std::string>{"/etc/letsencrypt/renewal/a.conf",
                                          "listing of /etc/letsencrypt/renewal-hooks",
                                          "/var/log/letsencrypt/letsencrypt.log",

                                          "installed packages", "/var/log/dpkg.log"});
  model::Gap gap;
  CHECK(read_some(*documents[3].open(gap), 100) == "nginx 1.22.1-9\n");
  CHECK(documents[4].kind == model::Kind::kModules);
}

TEST_CASE("a directory that may not be looked into is said") {
  if (::geteuid() == 0) return;  // root looks everywhere
  const tree::Temporary dir;
  dir.write("var/log/letsencrypt/letsencrypt.log", "x\n");
  REQUIRE(::chmod((dir / "var/log/letsencrypt").c_str(), 0) == 0);
  const auto documents = surroundings(host_files(dir.path()));
  ::chmod((dir / "var/log/letsencrypt").c_str(), 0700);
  const auto hidden = std::find_if(documents.begin(), documents.end(), [](const Document& d) {
    return d.path == "/var/log/letsencrypt";
  });
  REQUIRE(hidden != documents.end());
  model::Gap gap;
  CHECK(hidden->open(gap) == nullptr);
  CHECK(gap.why == "permission denied: run as root");
}

TEST_CASE("only the unit that is asked for is read, with its drop-ins") {
  const auto files = ngxdiag::source::memory_files(
      {{"/lib/systemd/system/nginx.service", "[Service]\n"},
       {"/etc/systemd/system/nginx.service.d/limit.conf", "[Service]\n"},
       {"/lib/systemd/system/other.service", "[Service]\n"}});
  CHECK(ngxdiag::source::unit_files(files, "nginx.service").size() == 2);
  CHECK(ngxdiag::source::unit_files(files, "").empty());
  CHECK(ngxdiag::source::unit_files(files, "../nginx.service").empty());
}

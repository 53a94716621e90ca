#include "libdiag/source/surroundings.h"

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"

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
                                          "/var/log/letsencrypt/letsencrypt.log",
                                          "/etc/systemd/system/nginx.service.d/limits.conf",
                                          "installed packages", "/var/log/dpkg.log"});
  model::Gap gap;
  CHECK(read_some(*documents[3].open(gap), 100) == "nginx 1.22.1-9\n");
  CHECK(documents[3].kind == model::Kind::kModules);
}

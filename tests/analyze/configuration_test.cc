#include "libdiag/analyze/configuration.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("a whole configuration makes absence mean something, a fragment does not") {
  const auto whole =
      Scene()
          .with("nginx.conf",
                "events { worker_connections 256; }\nhttp { server { listen 80; } }\n")
          .facts();
  CHECK(whole.number("config.complete") == 1);
  CHECK(whole.number("config.worker_connections") == 256);
  CHECK(whole.number("config.worker_processes") == 1);
  CHECK(whole.number("config.servers") == 1);
  const auto fragment =
      Scene().with("nginx.conf", "ssl_stapling on;\nssl_stapling_verify on;\n").facts();
  CHECK(fragment.number("config.complete") == 0);
  CHECK(fragment.find("config.worker_processes") == nullptr);
  CHECK(list(fragment, "config.directive.ssl_stapling") == Names{"on"});
}

TEST_CASE("each occurrence of a directive is kept with its place") {
  const auto facts =
      Scene()
          .with("nginx.conf",
                "events {}\nhttp {\n server { listen 80; }\n server { listen 81; }\n}\n")
          .facts();
  CHECK(list(facts, "config.directive.listen") == Names{"80", "81"});
  CHECK(facts.find("config.directive.listen")->evidence[1].line == 4);
}

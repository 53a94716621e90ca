#include "libdiag/analyze/nginx_binary.h"

#include <doctest/doctest.h>

#include "tests/analyze/support.h"

using namespace ngxdiag::analyze;

TEST_CASE("a version line is enough, and derivatives are mapped to their base") {
  CHECK(Scene()
            .with("v.txt", "nginx version: openresty/1.25.3.2\n")
            .facts()
            .text("nginx.base_version") == "1.25.3");
  const auto facts = Scene().with("v.txt", "nginx version: nginx/1.24.0 (Ubuntu)\n").facts();
  CHECK(facts.text("nginx.version") == "1.24.0");
  CHECK(facts.text("nginx.distribution") == "Ubuntu");
}

TEST_CASE("a package list gives the revision that the version line hides") {
  const auto facts = Scene().with("modules.txt", "nginx 1.24.0-2ubuntu7.10\n").facts();
  CHECK(facts.text("nginx.package_revision") == "1.24.0-2ubuntu7.10");
  CHECK(facts.text("nginx.version") == "1.24.0");
}

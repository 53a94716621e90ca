#include "libdiag/audit/ignore.h"

#include <doctest/doctest.h>

#include "tests/audit/support.h"

namespace ngxdiag::audit {

TEST_CASE("a comment puts a check aside on its line and the next") {
  const auto checks = builtin_checks();
  const Parsed p(
      "location /a { # ngxdiag: ignore alias-traversal: the files are public\n"
      " alias /srv/a/; }\n"
      "# ngxdiag: ignore alias_traversal, error-log-off because T-812\n"
      "location /b { alias /srv/b/; }\n");
  const Ignores ignores(p.config, checks);
  REQUIRE(ignores.reason("nginx.conf", 2, "alias-traversal"));
  CHECK(*ignores.reason("nginx.conf", 2, "alias-traversal") == "the files are public");
  CHECK(ignores.reason("nginx.conf", 4, "alias-traversal"));
  CHECK(*ignores.reason("nginx.conf", 4, "error-log-off") == "T-812");
  CHECK_FALSE(ignores.reason("nginx.conf", 5, "alias-traversal"));
  CHECK_FALSE(ignores.reason("other.conf", 2, "alias-traversal"));
  CHECK_FALSE(ignores.reason("nginx.conf", 2, "error-log-off"));
  CHECK(ignores.mistakes().empty());
}

TEST_CASE("without a reason, or with an unknown name, nothing is put aside and it is said") {
  const auto checks = builtin_checks();
  const Parsed p(
      "# ngxdiag: ignore alias-traversal\n# ngxdiag: ignore alias-travesal: typed in haste\n"
      "# ngxdiag: be quiet\n# ngxdiag looked at this\nlocation /b { alias /srv/b/; }\n");
  const Ignores ignores(p.config, checks);
  REQUIRE(ignores.mistakes().size() == 3);
  CHECK(ignores.mistakes()[1].says.find("did you mean alias-traversal") != std::string::npos);
  CHECK(ignores.mistakes()[0].place.line == 1);
  CHECK_FALSE(ignores.reason("nginx.conf", 2, "alias-traversal"));
}

}  // namespace ngxdiag::audit

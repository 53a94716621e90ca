#include "libdiag/audit/words.h"

#include <doctest/doctest.h>

#include "tests/audit/support.h"

namespace ngxdiag::audit {

TEST_CASE("places are filled from the directive, its surroundings and the check") {
  const Parsed p(
      "http { root /r; server { server_name a.example.org; location ~ '^/a{2}' { alias /x/; } } "
      "}\n");
  Check check;
  check.params["most"] = {2.5, "because"};
  const Host host;
  const Context context{p.tree, host, check};
  const Hit hit{.node = p.id("alias"), .values = {{"up", "/a../"}}};
  std::vector<std::string> unknown;
  CHECK(fill("{name} {args} {arg.0} {up} {server}", context, hit, &unknown) ==
        "alias /x/ /x/ /a../ a.example.org");
  CHECK(fill("{effective.root} {param.most} {parent}", context, hit, &unknown) ==
        "/r 2.5 location ~ ^/a{2}");
  CHECK(fill("location / { alias /y/; }", context, hit, &unknown) == "location / { alias /y/; }");
  CHECK(fill("{arg.7|none}", context, hit, &unknown) == "none");
  CHECK(unknown.empty());
  CHECK(fill("{nobody}", context, hit, &unknown) == "{nobody}");
  CHECK(unknown == std::vector<std::string>{"nobody"});
}

TEST_CASE("an open brace at the end is only a brace") {
  const Parsed p("a;\n");
  const Check check;
  const Host host;
  CHECK(fill("x {", {p.tree, host, check}, {.node = 0}) == "x {");
  CHECK(fill("{name", {p.tree, host, check}, {.node = 0}) == "{name");
}

}  // namespace ngxdiag::audit

#include "libdiag/audit/tree.h"

#include <doctest/doctest.h>

#include "tests/audit/support.h"

namespace ngxdiag::audit {

TEST_CASE("what is in force comes from the nearest level that has it, as a whole") {
  const Parsed p(
      "events { }\nhttp { add_header A 1; add_header B 2; root /a;\n"
      " server { server_name www.example.org; root /b;\n"
      "  location / { add_header C 3; index x; }\n  location /y { expires 1d; } } }\n");
  const NodeId inner = p.tree.parent(p.id("index")), outer = p.tree.parent(p.id("expires"));
  CHECK(p.tree.effective_all(inner, "add_header").size() == 1);
  CHECK(p.tree.effective_all(outer, "add_header").size() == 2);
  CHECK(joined_args(p.tree.at(p.tree.effective(inner, "root"))) == "/b");
  CHECK(p.tree.effective(inner, "alias") == kNone);
  CHECK(p.tree.effective(kTop, "root") == kNone);
}

TEST_CASE("children, descendants and ancestors") {
  const Parsed p(
      "http { server { listen 80; location / { return 200; } } server { listen 81; } }\n");
  const NodeId http = p.id("http"), first = p.id("server");
  CHECK(p.tree.children(http, "server").size() == 2);
  CHECK(p.tree.children(http).size() == 2);
  CHECK(p.tree.inside(first, "return").size() == 1);
  CHECK(p.tree.inside(first, "listen").size() == 1);
  CHECK(p.tree.inside(kTop, "listen").size() == 2);
  CHECK(p.tree.enclosing(p.id("return"), "server") == first);
  CHECK(p.tree.enclosing(http, "server") == kNone);
  CHECK(p.tree.protocol(p.id("return")) == "http");
}

TEST_CASE("a place is named by its blocks") {
  const Parsed p("http { server { server_name www.example.org; location ~ ^/a { deny all; } } }\n");
  CHECK(p.tree.blocks_of(p.id("deny")) == "http > server(www.example.org) > location ~ ^/a");
  CHECK(p.tree.server_name(p.id("deny")) == "www.example.org");
  CHECK(text_of(p.tree.at(p.id("location"))) == "location ~ ^/a {");
}

TEST_CASE("only a whole configuration tells what is not there") {
  CHECK(Parsed("events { }\nhttp { server { listen 80; } }\n").tree.whole(2));
  const Parsed fragment("server { listen 80; }\n");
  CHECK_FALSE(fragment.tree.whole(fragment.id("listen")));
}

TEST_CASE("lines of a map are data") {
  const Parsed p("http { map $a $b { default 1; listen 2; } }\n");
  CHECK(p.tree.all("listen").empty());
  CHECK(p.tree.all("map").size() == 1);
}

}  // namespace ngxdiag::audit

#include "libdiag/audit/variables.h"

#include <doctest/doctest.h>

#include "tests/audit/support.h"

namespace ngxdiag::audit {
namespace {

bool may_hold(const Parsed& p, std::string_view at, std::string_view text, char c) {
  const Taint taint(p.tree);
  const auto uses = variables_in(text);
  REQUIRE(uses.size() == 1);
  return taint.may_hold(uses.front(), c, p.id(at));
}

}  // namespace

TEST_CASE("variables of a text") {
  const auto uses = variables_in("http://$1.x${URI}$arg_a-$$ $");
  REQUIRE(uses.size() == 3);
  CHECK(uses[0].name == "1");
  CHECK(uses[0].capture());
  CHECK(uses[1].name == "uri");
  CHECK(uses[1].begin == 11);
  CHECK(uses[2].name == "arg_a");
}

TEST_CASE("the condition of an if, however it is spaced") {
  const auto of = [](const char* text) { return if_condition(Parsed(text).config.directives[0]); };
  CHECK(of("if ($http_origin ~* ^a$) { }").value == "^a$");
  CHECK(of("if ( $http_origin !~ 'a b' ) { }").op == "!~");
  CHECK(of("if ($x) { }").variable == "x");
  CHECK(of("if (-f $document_root/x) { }").op == "-f");
  CHECK(of("if ($x = a) { }").value == "a");
}

TEST_CASE("a decoded path can hold a line feed, a raw one cannot") {
  const Parsed p("server { return 301 x; }\n");
  CHECK(may_hold(p, "return", "$uri", '\n'));
  CHECK(may_hold(p, "return", "$document_uri", '\n'));
  CHECK_FALSE(may_hold(p, "return", "$request_uri", '\n'));
  CHECK_FALSE(may_hold(p, "return", "$http_x", '\n'));
  CHECK_FALSE(may_hold(p, "return", "$host", '\n'));
  CHECK(may_hold(p, "return", "$arg_to", '/'));
}

TEST_CASE("captures are followed to the expression that fills them") {
  CHECK(may_hold(Parsed("location ~ ^/a/([^/]*)$ { return 301 x; }\n"), "return", "$1", '\n'));
  CHECK_FALSE(may_hold(Parsed("location ~ ^/a/(.*)$ { return 301 x; }\n"), "return", "$1", '\n'));
  CHECK_FALSE(
      may_hold(Parsed("location ~ ^/a/([^/]*)$ { if ($request_uri ~ ^(.*)$) { return 301 x; } }\n"),
               "return", "$1", '\n'));
  CHECK(may_hold(Parsed("location ~ ^/(?<to>[^/]*)$ { return 301 x; }\n"), "return", "$to", '\n'));
}

TEST_CASE("set and map hand on what they take") {
  CHECK(may_hold(Parsed("server { set $a $uri; set $b x$a; return 301 $b; }\n"), "return", "$b",
                 '\n'));
  CHECK_FALSE(may_hold(Parsed("server { set $a fixed; return 301 $a; }\n"), "return", "$a", '\n'));
  CHECK(may_hold(Parsed("map $uri $b { ~^/([^x]*) $1; default x; }\nserver { return 301 $b; }\n"),
                 "return", "$b", '\n'));
  CHECK_FALSE(may_hold(Parsed("map $uri $b { /a b; default x; }\nserver { return 301 $b; }\n"),
                       "return", "$b", '\n'));
  // A circle ends.
  CHECK_FALSE(
      may_hold(Parsed("server { set $a $b; set $b $a; return 301 $a; }\n"), "return", "$a", '\n'));
}

}  // namespace ngxdiag::audit

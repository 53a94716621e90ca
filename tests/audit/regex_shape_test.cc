#include "libdiag/audit/regex_shape.h"

#include <doctest/doctest.h>

#include <string>

namespace ngxdiag::audit {
namespace {

RegexShape shape(std::string_view text) {
  const auto out = RegexShape::parse(text);
  REQUIRE_MESSAGE(out, std::string(text));
  return *out;
}

}  // namespace

TEST_CASE("groups, names and nesting") {
  const RegexShape s = shape(R"(^/(?<user>[^/]+)/((a)|(?:b))(?=c)\(x\)[(]$)");
  CHECK(s.groups() == 3);
  CHECK(s.group_named("user") == 1);
  CHECK(s.group_named("nobody") == 0);
  CHECK(s.encloses(2, 3));
  CHECK_FALSE(s.encloses(3, 2));
  CHECK_FALSE(s.encloses(9, 1));
}

TEST_CASE("anchors") {
  CHECK(shape("^/a$").starts_anchored());
  CHECK(shape("^/a$").ends_anchored());
  CHECK(shape("(^a|^b)c").starts_anchored());
  CHECK_FALSE(shape("(^a|b)c").starts_anchored());
  CHECK_FALSE(shape(R"(a\$)").ends_anchored());
  CHECK_FALSE(shape("a(/|$)").ends_anchored());
  CHECK(shape("a(/|$)").has_anchor());
  CHECK_FALSE(shape(R"(\.php)").has_anchor());
}

TEST_CASE("a literal between anchors is a text") {
  CHECK(shape(R"(^/a\.html$)").exact_text() == "/a.html");
  CHECK_FALSE(shape("^/a.html$").exact_text());
  CHECK_FALSE(shape("^/a").exact_text());
  CHECK_FALSE(shape("^/a?$").exact_text());
}

TEST_CASE("what a group can hold") {
  CHECK_FALSE(shape("^/(.*)$").group_may_hold(1, '\n'));
  CHECK(shape("^/([^/]*)$").group_may_hold(1, '\n'));
  CHECK(shape(R"(^/(\S|\s)$)").group_may_hold(1, '\n'));
  CHECK(shape("(?s)^/(.*)$").group_may_hold(1, '\n'));
  CHECK_FALSE(shape(R"(^/([\w-]+)$)").group_may_hold(1, '.'));
  CHECK(shape("^/([a-z.]+)$").group_may_hold(1, '.'));
  CHECK_FALSE(shape("^/a$").group_may_hold(1, 'a'));
}

TEST_CASE("expressions that explode, and their harmless neighbours") {
  for (const char* bad : {"^(a+)+$", "^(a*)*b", "(x+x+)+y", R"(^(\w+\s?)*$)", R"(^([\w.]+\.)*com$)",
                          R"(^/((a|\w)+)/$)", "^(?:[a-z]+)*!", "(.*,?)+;"})
    CHECK_MESSAGE(shape(bad).explodes(), bad);
  for (const char* good : {R"(^(/[\w-]+)+/?$)", R"(^([a-z]+\.)*example\.org$)", "^(a|b)*c",
                           "^(ab+c)+$", "(a+)+", R"(\.(?:jpe?g|png)$)", "^/(.*)$", R"(^(?>a+)+$)",
                           "^(a++)+$", R"(^(\d+,)*\d+$)", "(.|\\n)*x"})
    CHECK_MESSAGE(!shape(good).explodes(), good);
}

TEST_CASE("what is not understood is not judged") {
  for (const char* text : {"(", "a)", "[a", "(?R)", "*a", R"(\)", "(?(1)a|b)", "(?<n"})
    CHECK_MESSAGE(!RegexShape::parse(text), text);
  CHECK_FALSE(RegexShape::parse(std::string(100000, 'a')));
  CHECK_FALSE(RegexShape::parse(std::string(2000, '(') + std::string(2000, ')')));
}

TEST_CASE("braces that are no quantifier are literal") {
  CHECK(shape("^a{$").exact_text() == "a{");
  CHECK_FALSE(shape("^a{2}$").exact_text());
}

}  // namespace ngxdiag::audit

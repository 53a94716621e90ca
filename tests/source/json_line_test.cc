#include "libdiag/source/json_line.h"

#include <doctest/doctest.h>

using namespace ngxdiag::source;

TEST_CASE("the members of an object, as they were written") {
  const auto members =
      json_members(R"( {"log":"a \"b\"\n", "attrs":{"x":[1,"]"]} ,"n": -1.5e3,"t":true} trailing)");
  REQUIRE(members.size() == 4);
  CHECK(members[0].first == "log");
  CHECK(members[0].second == R"("a \"b\"\n")");
  CHECK(members[1].second == R"({"x":[1,"]"]})");
  CHECK(members[2].second == "-1.5e3");
  CHECK(members[3].second == "true");
}

TEST_CASE("what is no object has no members, and broken ones end where they break") {
  CHECK(json_members("").empty());
  CHECK(json_members("[1]").empty());
  CHECK(json_members("{}").empty());
  CHECK(json_members("{\"a\"").empty());
  const auto cut = json_members(R"({"log":"2026/04/21 and then)");
  REQUIRE(cut.size() == 1);
  CHECK(json_bytes(cut[0].second) == "2026/04/21 and then");
}

TEST_CASE("escapes become bytes") {
  CHECK(json_bytes(R"("a\"\\\/\t\n\u0041\u00fc\u20ac")") == "a\"\\/\t\nA\xc3\xbc\xe2\x82\xac");
  CHECK(json_bytes(R"("\ud83d\ude00")") == "\xf0\x9f\x98\x80");
  CHECK(json_bytes(R"("\ud83d!")") == "\xef\xbf\xbd!");
  CHECK(json_bytes(R"("\u00")").has_value());
  CHECK(json_bytes("\"\\") == "");
}

TEST_CASE("bytes that are no UTF-8 come as an array of numbers") {
  CHECK(json_bytes("[50,48,255]") == "20\xff");
  CHECK_FALSE(json_bytes("[256]"));
  CHECK_FALSE(json_bytes("[\"a\"]"));
  CHECK_FALSE(json_bytes("12"));
  CHECK_FALSE(json_bytes(""));
}

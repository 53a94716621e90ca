#include "libdiag/json/node.h"

#include <doctest/doctest.h>

#include <cmath>

using ngxdiag::json::Node;

TEST_CASE("a built object keeps its order and replaces a member in place") {
  Node node = Node::object();
  node.set("b", 1);
  node.set("a", "text");
  node.set("b", true);
  REQUIRE(node.size() == 2);
  CHECK(node.keys()[0].name == "b");
  CHECK(node.find("b")->as_boolean());
  CHECK(node.find("a")->as_string() == "text");
  CHECK(node.find("c") == nullptr);
  CHECK(Node(3).find("c") == nullptr);
}

TEST_CASE("members can be walked with key and value") {
  Node node = Node::object();
  node.set("x", 1);
  node.set("y", 2.5);
  std::string seen;
  for (const auto& [key, value] : node.members()) seen += key + (value.is_integer() ? "i" : "n");
  CHECK(seen == "xiyn");
}

TEST_CASE("a number that JSON cannot write becomes null") {
  CHECK(Node(std::nan("")).is_null());
  CHECK(Node(HUGE_VAL).is_null());
  CHECK(Node(size_t{7}).as_integer() == 7);
  CHECK(Node(7).as_number() == 7.0);
}

TEST_CASE("equality is by value, not by order of members or kind of number") {
  Node a = Node::object(), b = Node::object();
  a.set("x", 1);
  a.set("y", Node::strings({"p", "q"}));
  b.set("y", Node::strings({"p", "q"}));
  b.set("x", 1.0);
  CHECK(a == b);
  b.set("x", 2);
  CHECK_FALSE(a == b);
  CHECK_FALSE(Node(1) == Node(true));
  CHECK(Node() == Node());
}

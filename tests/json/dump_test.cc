#include "libdiag/json/dump.h"

#include <doctest/doctest.h>

#include <limits>

#include "libdiag/json/parse.h"

using namespace ngxdiag::json;

TEST_CASE("an indented dump has one member a line and no trailing blanks") {
  Node node = Node::object();
  node.set("schema", "ngxdiag.report/1");
  node.set("findings", Node::array());
  node.set("not", Node::strings({"a", "b"}));
  CHECK(dump(node) ==
        "{\n"
        "  \"schema\": \"ngxdiag.report/1\",\n"
        "  \"findings\": [],\n"
        "  \"not\": [\n"
        "    \"a\",\n"
        "    \"b\"\n"
        "  ]\n"
        "}");
  CHECK(dump(node, -1) ==
        "{\"schema\": \"ngxdiag.report/1\", \"findings\": [], \"not\": [\"a\", \"b\"]}");
}

TEST_CASE("integers are exact and other numbers as short as they can be") {
  CHECK(dump(Node(std::numeric_limits<int64_t>::min())) == "-9223372036854775808");
  CHECK(dump(Node(0.1)) == "0.1");
  CHECK(dump(Node(0.95)) == "0.95");
  CHECK(dump(Node(2.0)) == "2");
}

TEST_CASE("bytes of a hostile log line come out as valid, harmless UTF-8") {
  CHECK(quote("GET /\x1b[31m\x07\n") == R"("GET /\u001b[31m\u0007\n")");
  CHECK(quote("\xff\xc3") == "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  CHECK(quote("\xe2\x80\xae\xc2\x9b\x7f") == R"("\u202e\u009b\u007f")");
  CHECK(quote("naïve \"q\" \\") == R"("naïve \"q\" \\")");
}

TEST_CASE("what is dumped reads back as the same value") {
  const std::string text =
      R"({"a": [1, -2.5e-7, null, true, "\u00e9\n"], "b": {"c": 9007199254740993}})";
  const Node node = parse(text, "t");
  CHECK(parse(dump(node), "t") == node);
  CHECK(parse(dump(node, -1), "t") == node);
}

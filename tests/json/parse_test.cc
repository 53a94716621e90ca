#include "libdiag/json/parse.h"

#include <doctest/doctest.h>

using ngxdiag::base::UserError;
using namespace ngxdiag::json;

namespace {

std::string place(const Node& node) {
  return std::to_string(node.line()) + ":" + std::to_string(node.column());
}

// The message for `text`, or "" when it is read.
std::string message(std::string_view text) {
  try {
    parse(text, "rule.json");
  } catch (const UserError& error) {
    return error.text();
  }
  return "";
}

}  // namespace

TEST_CASE("every value and key knows its line and column") {
  const Node node = parse(
      "{\n"
      "  \"id\": \"crash.storm\",\n"
      "  \"weights\": [12, -3 ,4.5\n"
      "  , true, {\"é\" : null}]\n"
      "}\n",
      "rule.json");
  CHECK(place(node) == "1:1");
  CHECK(place(*node.find("id")) == "2:9");
  CHECK(node.key_position("weights").line == 3);
  CHECK(node.key_position("weights").column == 3);
  const Node& weights = *node.find("weights");
  CHECK(place(weights) == "3:14");
  CHECK(place(weights.items()[0]) == "3:15");
  CHECK(place(weights.items()[1]) == "3:19");
  CHECK(weights.items()[1].as_integer() == -3);
  CHECK(place(weights.items()[2]) == "3:23");
  CHECK(place(weights.items()[3]) == "4:5");
  CHECK(place(weights.items()[4]) == "4:11");
  CHECK(place(*weights.items()[4].find("é")) == "4:18");
}

TEST_CASE("values of all kinds are read as themselves") {
  const Node node =
      parse(R"([null, true, 7, 7.0, 18446744073709551615, "a\u0041\n", [], {}])", "t");
  const auto& items = node.items();
  CHECK(items[0].is_null());
  CHECK(items[1].as_boolean());
  CHECK(items[2].is_integer());
  CHECK_FALSE(items[3].is_integer());
  CHECK(items[3].as_number() == 7.0);
  CHECK(items[4].kind() == Node::Kind::kNumber);
  CHECK(items[5].as_string() == "aA\n");
  CHECK(items[6].is_array());
  CHECK(items[7].is_object());
}

TEST_CASE("a lone number, also the last byte of the text, is read") {
  CHECK(parse("42", "t").as_integer() == 42);
  CHECK(parse(" 42 \n", "t").column() == 2);
  CHECK(parse("\xef\xbb\xbf{}", "t").column() == 1);
}

TEST_CASE("a syntax error shows the line with a caret and what was expected") {
  CHECK(message("{\n  \"weight\": ],\n}") ==
        "rule.json:2:13: not valid JSON: unexpected ']'\n"
        "  \"weight\": ],\n"
        "            ^\n"
        "  expected '[', '{', or a literal\n");
  CHECK(message("[1,,2]").starts_with("rule.json:1:4: not valid JSON: unexpected ','\n"));
  CHECK(message("{\"a\" \"b\"}")
            .starts_with("rule.json:1:6: not valid JSON: unexpected string literal"));
  CHECK(message("[1] x").starts_with("rule.json:1:5: "));
}

TEST_CASE("a text that ends too early is reported at its end") {
  CHECK(message("{\"a\": 1,\n\"b\": [\n\n")
            .starts_with("rule.json:2:7: not valid JSON: unexpected end"));
  CHECK(message("").starts_with("rule.json:1:1: not valid JSON: unexpected end of input"));
  CHECK(message("\"abc").starts_with(
      "rule.json:1:4: not valid JSON: invalid string: missing closing"));
}

TEST_CASE("a key that is there twice is an error at its second place") {
  CHECK(message("{\"a\": 1, \"b\": 2,\n \"a\": 3}") ==
        "rule.json:2:2: the key \"a\" is there twice\n"
        "  \"a\": 3}\n"
        "  ^\n"
        "  keep one of the two\n");
  CHECK(message("[{\"a\": 1}, {\"a\": {\"a\": 2}}]").empty());
}

TEST_CASE("nesting is bounded") {
  CHECK(message(std::string(64, '[') + std::string(64, ']')).empty());
  CHECK(message(std::string(100000, '['))
            .starts_with("rule.json:1:65: nested deeper than 64 levels"));
}

TEST_CASE("bad bytes and numbers are errors, never anything worse") {
  CHECK(
      message("\"\xff\"").starts_with("rule.json:1:2: not valid JSON: invalid string: ill-formed"));
  CHECK(message("1e999").find("number overflow") != std::string::npos);
  CHECK(message("{\"\x1b\": 1}").find('\x1b') == std::string::npos);
  CHECK(message("nul").starts_with("rule.json:1:"));
}

TEST_CASE("an error inside a long line shows the surroundings of the column only") {
  const std::string text = "[" + std::string(3000, ' ') + "\"" + std::string(3000, 'x') + "\", }]";
  const std::string all = message(text);
  CHECK(all.size() < 300);
  CHECK(all.find("^") != std::string::npos);
}

TEST_CASE("an error about a value points at it") {
  const std::string text = "{\n\t\"fact\": \"x\"\n}";
  const Node node = parse(text, "r.json");
  const UserError error = error_at(text, "r.json", node.find("fact")->position(), "unknown fact",
                                   "", "did you mean \"y\"?");
  CHECK(error.text() ==
        "r.json:2:10: unknown fact\n  \"fact\": \"x\"\n          ^\n  did you mean \"y\"?\n");
}

TEST_CASE("reading ends before the member that is named") {
  const std::string text = R"({"a": {"b": 1}, "c": [2], "b": nonsense)";
  const Node node = parse_until(text, "t", "b");
  REQUIRE(node.find("a"));
  CHECK(node.find("a")->find("b")->as_integer() == 1);
  CHECK(node.find("c"));
  CHECK(node.find("b") == nullptr);
  CHECK_THROWS_AS(parse_until("{\"a\": }", "t", "b"), ngxdiag::base::UserError);
}

TEST_CASE("a key that stands twice is found among many") {
  std::string text = "{";
  for (int i = 0; i < 60; ++i) text += "\"k" + std::to_string(i) + "\": 1, ";
  CHECK_NOTHROW(parse(text + "\"last\": 1}", "t"));
  CHECK_THROWS_AS(parse(text + "\"k3\": 1}", "t"), ngxdiag::base::UserError);
  CHECK_THROWS_AS(parse(text + "\"k55\": 1}", "t"), ngxdiag::base::UserError);
}

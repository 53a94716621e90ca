#include "libdiag/json/schema.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "libdiag/base/error.h"
#include "libdiag/json/parse.h"

using ngxdiag::base::UserError;
using namespace ngxdiag::json;

namespace {

const char* const kRuleSchema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["id", "severity"],
  "additionalProperties": false,
  "properties": {
    "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
    "severity": {"enum": ["info", "warning", "critical"]},
    "schema": {"const": "ngxdiag.rule/1"},
    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    "fixes": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/fix"}},
    "facts": {"type": "object", "additionalProperties": {"type": ["integer", "null"]}}
  },
  "$defs": {"fix": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}}
})";

// Every mistake of `document` as "PATH LINE:COLUMN WHAT\n".
std::string mistakes(std::string_view document) {
  const Schema schema(parse(kRuleSchema, "schema.json"), "schema.json");
  std::string all;
  for (const Mistake& mistake : schema.check(parse(document, "document.json")))
    all += mistake.path + " " + std::to_string(mistake.position.line) + ":" +
           std::to_string(mistake.position.column) + " " + mistake.what + "\n";
  return all;
}

}  // namespace

TEST_CASE("a document that keeps to its schema has no mistakes") {
  CHECK(mistakes(R"({"id": "nchan-storm", "severity": "critical", "schema": "ngxdiag.rule/1",
                     "confidence": 1, "fixes": [{"title": "t", "more": 1}], "facts": {"a": 1, "b": null}})")
            .empty());
}

TEST_CASE("each mistake is said with its path and place") {
  CHECK(mistakes("{\"id\": 7,\n \"severity\": \"critcal\"}") ==
        "/id 1:8 is an integer, must be of type string\n"
        "/severity 2:14 must be one of info, warning, critical; did you mean \"critical\"?\n");
  CHECK(mistakes("[]") == " 1:1 is an array, must be of type object\n");
  CHECK(mistakes("{\"id\": \"A b\", \"severity\": \"info\"}") ==
        "/id 1:8 does not match ^[a-z0-9-]+$\n");
  CHECK(mistakes("{\"severity\": \"info\"}") == " 1:1 lacks \"id\"\n");
}

TEST_CASE("a mistyped member is recognised") {
  CHECK(mistakes("{\"id\": \"x\",\n  \"severty\": \"info\", \"severity\": \"info\"}") ==
        "/severty 2:3 unknown member \"severty\"; did you mean \"severity\"?\n");
}

TEST_CASE("numbers, lists, constants and nested members are checked") {
  const std::string base = R"({"id": "x", "severity": "info", )";
  CHECK(mistakes(base + R"("confidence": 1.5})").ends_with("is more than 1\n"));
  CHECK(mistakes(base + R"("confidence": -1})").ends_with("is less than 0\n"));
  CHECK(mistakes(base + R"("fixes": []})").ends_with("needs at least 1 item\n"));
  CHECK(mistakes(base + R"("fixes": [{"title": "t"}, {"title": null}]})")
            .starts_with("/fixes/1/title 1:"));
  CHECK(mistakes(base + R"("schema": "other"})").ends_with("must be \"ngxdiag.rule/1\"\n"));
  CHECK(mistakes(base + R"("facts": {"a": "text"}})")
            .ends_with("is a string, must be of type integer or null\n"));
}

TEST_CASE("alternatives need one that fits, and texts their least length") {
  const std::string text =
      R"({"anyOf": [{"type": "string", "minLength": 2}, {"type": "integer", "minimum": 0}]})";
  const Schema schema(parse(text, "s"), "s");
  CHECK(schema.check(Node("ab")).empty());
  CHECK(schema.check(Node(3)).empty());
  CHECK(schema.check(Node("a")).size() == 1);
  CHECK(schema.check(Node(-1)).size() == 1);
}

TEST_CASE("the shipped schema of the report stays within what is checked") {
  const char* root = std::getenv("NGXDIAG_SOURCE_ROOT");
  REQUIRE(root);
  std::ifstream file(std::string(root) + "/docs/report.schema.json");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  CHECK_NOTHROW(Schema(parse(text, "report.schema.json"), "report.schema.json"));
}

TEST_CASE("a hostile document cannot make the list of mistakes long") {
  std::string document = "{";
  for (int i = 0; i < 500; ++i) document += "\"k" + std::to_string(i) + "\": 0,";
  const Schema schema(parse("{\"additionalProperties\": {\"type\": \"string\"}}", "s"), "s");
  document.back() = '}';
  CHECK(schema.check(parse(document, "d")).size() == Schema::kMaxMistakes);
}

TEST_CASE("a schema that asks for more than is checked is refused") {
  const auto refused = [](std::string_view text) {
    try {
      Schema(parse(text, "s.json"), "s.json");
    } catch (const UserError& error) {
      return error.text();
    }
    return std::string();
  };
  CHECK(refused("{\"oneOf\": []}").starts_with("s.json:1:2: the schema keyword \"oneOf\""));
  CHECK(refused("{\"items\": {\"$ref\": \"#/$defs/none\"}}").find("leads nowhere") !=
        std::string::npos);
  CHECK_FALSE(refused("{\"pattern\": \"(\"}").empty());
}

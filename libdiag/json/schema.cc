#include "libdiag/json/schema.h"

#include <algorithm>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/json/dump.h"

namespace ngxdiag::json {
namespace {

constexpr std::string_view kDefinitions = "#/$defs/";

std::vector<std::string> keywords() {
  return {"type",     "required",    "properties", "additionalProperties",
          "items",    "enum",        "const",      "pattern",
          "minimum",  "maximum",     "$ref",       "$defs",
          "minItems", "minLength",   "anyOf",      "title",
          "$schema",  "description", "$id",        "$comment"};
}

bool has_type(const Node& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_integer();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

// "string" or ["string", "null"] as a list.
std::vector<std::string> names_of(const Node& one_or_more) {
  std::vector<std::string> names;
  if (one_or_more.is_string()) names.push_back(one_or_more.as_string());
  for (const Node& item : one_or_more.items())
    names.push_back(item.is_string() ? item.as_string() : dump(item, -1));
  return names;
}

}  // namespace

Schema::Schema(Node schema, std::string_view where) : root_(std::move(schema)) {
  examine(root_, where);
}

const Node* Schema::definition(std::string_view reference) const {
  const Node* definitions = root_.find("$defs");
  if (!definitions || !reference.starts_with(kDefinitions)) return nullptr;
  return definitions->find(reference.substr(kDefinitions.size()));
}

void Schema::examine(const Node& schema, std::string_view where) {
  const auto fail = [&](Position at, const std::string& what, const std::string& help) {
    throw base::UserError(
        what, std::string(where) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
        "", "", help);
  };
  if (schema.is_boolean()) return;
  if (!schema.is_object()) fail(schema.position(), "a schema must be an object", "");
  const std::vector<std::string> known = keywords();
  for (const Key& key : schema.keys())
    if (std::find(known.begin(), known.end(), key.name) == known.end())
      fail(key.position,
           "the schema keyword \"" + base::printable(key.name) + "\" is not supported",
           "libdiag/json/schema.h lists what is");
  if (const Node* reference = schema.find("$ref"))
    if (!reference->is_string() || !definition(reference->as_string()))
      fail(reference->position(), "the reference leads nowhere",
           "only \"#/$defs/NAME\" is followed");
  if (const Node* pattern = schema.find("pattern"))
    patterns_.try_emplace(pattern->as_string(), pattern->as_string());
  for (const char* map : {"properties", "$defs"})
    if (const Node* schemas = schema.find(map))
      for (const Node& each : schemas->items()) examine(each, where);
  if (const Node* choices = schema.find("anyOf"))
    for (const Node& each : choices->items()) examine(each, where);
  for (const char* one : {"items", "additionalProperties"})
    if (const Node* each = schema.find(one)) examine(*each, where);
}

std::vector<Mistake> Schema::check(const Node& document) const {
  std::vector<Mistake> mistakes;
  check(root_, document, "", mistakes);
  return mistakes;
}

void Schema::check(const Node& schema, const Node& value, const std::string& path,
                   std::vector<Mistake>& mistakes) const {
  if (mistakes.size() >= kMaxMistakes) return;
  const auto say = [&](std::string what) {
    mistakes.push_back({path, value.position(), std::move(what)});
  };
  if (schema.is_boolean()) {
    if (!schema.as_boolean()) say("must not be there");
    return;
  }
  if (const Node* reference = schema.find("$ref"))
    check(*definition(reference->as_string()), value, path, mistakes);

  if (const Node* type = schema.find("type")) {
    const std::vector<std::string> types = names_of(*type);
    if (std::none_of(types.begin(), types.end(), [&](const auto& t) { return has_type(value, t); }))
      return say("is " + std::string(kind_name(value.kind())) + ", must be of type " +
                 base::join(types, " or "));
  }
  if (const Node* choices = schema.find("anyOf")) {
    const auto fits = [&](const Node& choice) {
      std::vector<Mistake> inner;
      check(choice, value, path, inner);
      return inner.empty();
    };
    if (std::none_of(choices->items().begin(), choices->items().end(), fits))
      say("fits none of the allowed forms");
  }
  if (const Node* constant = schema.find("const"); constant && !(value == *constant))
    say("must be " + dump(*constant, -1));
  if (const Node* choices = schema.find("enum"))
    if (std::find(choices->items().begin(), choices->items().end(), value) ==
        choices->items().end()) {
      const std::vector<std::string> names = names_of(*choices);
      const std::string near = value.is_string() ? base::closest(value.as_string(), names) : "";
      say("must be one of " + base::join(names, ", ") +
          (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
    }
  if (const Node* pattern = schema.find("pattern"); pattern && value.is_string())
    if (!patterns_.find(pattern->as_string())->second.search(value.as_string()))
      say("does not match " + pattern->as_string());
  if (const Node* least = schema.find("minLength"); least && value.is_string())
    if (static_cast<int64_t>(value.as_string().size()) < least->as_integer()) say("is too short");
  if (const Node* minimum = schema.find("minimum"); minimum && value.is_number())
    if (value.as_number() < minimum->as_number()) say("is less than " + dump(*minimum, -1));
  if (const Node* maximum = schema.find("maximum"); maximum && value.is_number())
    if (value.as_number() > maximum->as_number()) say("is more than " + dump(*maximum, -1));
  if (const Node* least = schema.find("minItems"); least && value.is_array())
    if (static_cast<int64_t>(value.size()) < least->as_integer())
      say("needs at least " + base::plural(least->as_integer(), "item"));
  if (const Node* items = schema.find("items"); items && value.is_array())
    for (size_t i = 0; i < value.size(); ++i)
      check(*items, value.items()[i], path + "/" + std::to_string(i), mistakes);
  if (value.is_object()) check_object(schema, value, path, mistakes);
}

void Schema::check_object(const Node& schema, const Node& value, const std::string& path,
                          std::vector<Mistake>& mistakes) const {
  if (const Node* required = schema.find("required"))
    for (const Node& name : required->items())
      if (!value.find(name.as_string()))
        mistakes.push_back({path, value.position(), "lacks \"" + name.as_string() + "\""});

  const Node* properties = schema.find("properties");
  const Node* additional = schema.find("additionalProperties");
  for (size_t i = 0; i < value.size(); ++i) {
    const Key& key = value.keys()[i];
    const std::string below = path + "/" + key.name;
    if (const Node* property = properties ? properties->find(key.name) : nullptr) {
      check(*property, value.items()[i], below, mistakes);
    } else if (additional && additional->is_boolean() && !additional->as_boolean()) {
      std::vector<std::string> names;
      if (properties)
        for (const Key& known : properties->keys()) names.push_back(known.name);
      const std::string near = base::closest(key.name, names);
      mistakes.push_back({below, key.position,
                          "unknown member \"" + key.name + "\"" +
                              (near.empty() ? "" : "; did you mean \"" + near + "\"?")});
    } else if (additional) {
      check(*additional, value.items()[i], below, mistakes);
    }
  }
}

}  // namespace ngxdiag::json

// Is a JSON document what its schema says? A validator for the part of JSON Schema (2020-12) that
// the project's own schemas use: type, required, properties, additionalProperties, items, enum,
// const, pattern, minimum, maximum, minItems, $ref to "#/$defs/…", and the annotations.
//   {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libdiag/base/regex.h"
#include "libdiag/json/node.h"

namespace ngxdiag::json {

struct Mistake {
  std::string path;   // "/findings/0/severity"; empty for the whole document
  Position position;  // of the value, or of the key that should not be there
  std::string what;   // "is a string, must be an integer"
};

class Schema {
 public:
  // Throws base::UserError when `schema` uses a keyword that is not in the list above, a reference
  // that leads nowhere, or an invalid pattern. `where` names its file.
  Schema(Node schema, std::string_view where);

  // Every mistake, in the document's order; empty when it is valid. Stops at kMaxMistakes.
  std::vector<Mistake> check(const Node& document) const;

  static constexpr size_t kMaxMistakes = 50;

 private:
  void examine(const Node& schema, std::string_view where);
  void check(const Node& schema, const Node& value, const std::string& path,
             std::vector<Mistake>& mistakes) const;
  void check_object(const Node& schema, const Node& value, const std::string& path,
                    std::vector<Mistake>& mistakes) const;
  const Node* definition(std::string_view reference) const;

  Node root_;
  std::map<std::string, base::Regex, std::less<>> patterns_;
};

}  // namespace ngxdiag::json

// Variables in the words of a configuration, and what a client can put into them.
//   "http://$1.example.org${uri}"  ->  "1" at 7, "uri" at 21
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libdiag/audit/tree.h"

namespace ngxdiag::audit {

struct VariableUse {
  std::string name;           // lower case, as nginx looks it up (ngx_strlow); "1" for a capture
  size_t begin = 0, end = 0;  // in the text, with `$` and braces
  bool capture() const { return name[0] >= '1' && name[0] <= '9'; }
};
std::vector<VariableUse> variables_in(std::string_view text);

// The condition of an `if`: `($http_origin ~* "^https")` in any spacing.
struct IfCondition {
  std::string variable;  // lower case, without `$`; empty for file tests
  std::string op;        // "~", "~*", "!~", "!~*", "=", "!=", "-f" …, "" for a bare variable
  std::string value;
  bool regex() const { return op.find('~') != std::string::npos; }
};
IfCondition if_condition(const parse::Directive& directive);

// A regular expression that fills captures, and the text it is matched against.
struct CaptureSource {
  std::string expression;
  bool ignore_case = false;
  std::string subject;  // variable: "uri" for location and rewrite, "host" for server_name
};

// How far a client decides over a variable's value.
class Taint {
 public:
  explicit Taint(const Tree& tree);

  // True when a client can make the variable hold `c`, at the place of directive `at`. Captures are
  // followed to the nearest regular expression, `set` and `map` to what they take from.
  bool may_hold(const VariableUse& use, char c, NodeId at) const;

  // The regular expression that filled the captures at `at`, when one can be told.
  static bool capture_source(const Tree& tree, NodeId at, CaptureSource& out);

 private:
  bool named_may_hold(const std::string& name, char c, int depth) const;
  bool derived_may_hold(const std::string& name, char c, int depth) const;
  bool capture_may_hold(const CaptureSource& source, const std::string& group, char c,
                        int depth) const;
  bool text_may_hold(std::string_view text, char c, NodeId at, int depth) const;

  struct MapBlock {
    NodeId node;
    std::string source;
  };
  const Tree& tree_;
  std::unordered_map<std::string, std::vector<NodeId>> sets_;
  std::unordered_map<std::string, std::vector<MapBlock>> maps_;
  // Named groups of regular expressions are variables.
  std::unordered_map<std::string, std::vector<CaptureSource>> named_;
  mutable std::unordered_map<std::string, bool> known_;  // answers given before
};

}  // namespace ngxdiag::audit

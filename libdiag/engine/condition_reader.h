// JSON → Condition, with a mistake for everything docs/rule-format.md does not have.
//   {"directive": "worker_shutdown_timeout", "matches": "^0"}
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "libdiag/engine/condition.h"
#include "libdiag/engine/fact_names.h"
#include "libdiag/engine/issues.h"
#include "libdiag/json/node.h"

namespace ngxdiag::engine {

// What the names in one rule stand for.
struct RuleNames {
  std::string id;
  std::map<std::string, double> params;
  std::set<std::string> lines;
  const FactNames& facts;
  bool check_regexes = true;  // compile each expression to see that it is valid
  // Names that were used, for the lint of those that were not.
  std::set<std::string> used_params = {}, used_lines = {};

  // The fact `name` stands for: "line.NAME", "line.NAME.1" and "line.NAME.roles" are this rule's
  // own pattern facts. Empty, with `hint` filled, when there is no such fact.
  std::string resolve(std::string_view name, std::string& hint);
};

// Null when the node holds a mistake and mistakes are gathered.
std::shared_ptr<const Condition> read_condition(const json::Node& node, RuleNames& names,
                                                const RuleSource& source);

}  // namespace ngxdiag::engine

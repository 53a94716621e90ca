// A rule as loaded and checked: knowledge as data (docs/rule-format.md has the grammar).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/model/fact.h"
#include "libdiag/model/pattern.h"
#include "libdiag/model/report.h"

namespace ngxdiag::engine {

// A condition tree; opaque outside the engine (condition.h).
struct Condition;

struct WeighedSentence {
  std::shared_ptr<const Condition> when;
  double weight = 0;  // decibans
  std::string says;   // with {fact} places
};

struct RuleFix {
  std::shared_ptr<const Condition> when;  // null: always
  model::Fix fix;                         // with {fact} places
};

struct RuleCheck {
  std::shared_ptr<const Condition> when;
  std::string says, command;
};

struct RuleExample {
  std::string name;
  bool fires = false, first = false;
  std::map<std::string, std::string> files;   // goes through the whole pipeline
  std::map<std::string, model::Value> facts;  // goes to the engine alone
};

struct Rule {
  std::string id, cause, component, kind, group;
  // "Not determined": takes what the rivals of its group leave; without a group, the lines that no
  // other rule accounts for.
  bool last_resort = false;
  model::Severity severity = model::Severity::kInfo;
  std::string title, explanation;
  std::map<std::string, double> params;
  std::vector<model::LinePattern> lines;  // ids are "RULE/NAME"
  double prior = 0;
  std::shared_ptr<const Condition> requires_;
  std::vector<WeighedSentence> evidence, against;
  std::vector<std::string> explains, supersedes, references;
  std::vector<RuleCheck> checks;
  std::vector<RuleFix> fixes;
  std::vector<RuleExample> examples;
  std::string where;  // file it came from
};

// A rule file as found: built in, from /etc/ngxdiag/rules.d or from --rules DIR.
struct RuleText {
  std::string where;  // "rules/causes/nchan/nchan-worker-slots-exhausted.json"
  std::string_view text;
  bool proven = false;  // expressions are known to be valid: they are compiled only when needed
  // Reading ends before "examples", the last member of every rule that is compiled in.
  bool without_examples = false;
};

struct RuleBase {
  std::vector<Rule> rules;  // in id order
  const Rule* find(std::string_view id) const;
  // All patterns of all rules, for the pass over the evidence.
  std::vector<model::LinePattern> patterns() const;
};

// Loads and checks. A later text with the same id replaces an earlier one (override). Throws
// base::UserError with file:line:column on the first mistake; `known` declares every fact a rule
// may name (an unknown one is an error with "did you mean").
RuleBase load_rules(const std::vector<RuleText>& texts, const std::vector<model::FactSpec>& known);

// As load_rules, but collects the messages of all mistakes (for `rules lint`), and adds what load
// does not demand: missing examples, an `explains` that names nothing, fixes without verify, priors
// without a reason, two rules with one cause and the same title.
std::vector<std::string> lint_rules(const std::vector<RuleText>& texts,
                                    const std::vector<model::FactSpec>& known);

// The fact that carries a pattern's hits: "line.RULE.NAME" (count), "line.RULE.NAME.1" (capture),
// "line.RULE.NAME.roles" (who wrote it).
std::string pattern_fact(std::string_view rule_id, std::string_view name);

}  // namespace ngxdiag::engine

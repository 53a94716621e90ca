#include "libdiag/engine/rule.h"

#include <algorithm>

#include "libdiag/base/builtin_data.h"
#include "libdiag/engine/lint.h"
#include "libdiag/engine/rule_reader.h"
#include "libdiag/json/parse.h"

namespace ngxdiag::engine {
namespace {

// A later text with the same id takes the earlier one's place. An id given twice by one source is a
// mistake, but sources are not told apart here: the last one holds.
RuleBase in_id_order(std::vector<Rule> rules) {
  std::stable_sort(rules.begin(), rules.end(),
                   [](const Rule& a, const Rule& b) { return a.id < b.id; });
  RuleBase base;
  for (Rule& rule : rules) {
    if (!base.rules.empty() && base.rules.back().id == rule.id)
      base.rules.back() = std::move(rule);
    else
      base.rules.push_back(std::move(rule));
  }
  return base;
}

}  // namespace

const Rule* RuleBase::find(std::string_view id) const {
  const auto it =
      std::lower_bound(rules.begin(), rules.end(), id,
                       [](const Rule& rule, std::string_view wanted) { return rule.id < wanted; });
  return it != rules.end() && it->id == id ? &*it : nullptr;
}

std::vector<model::LinePattern> RuleBase::patterns() const {
  std::vector<model::LinePattern> all;
  for (const Rule& rule : rules) all.insert(all.end(), rule.lines.begin(), rule.lines.end());
  return all;
}

RuleBase load_rules(const std::vector<RuleText>& texts, const std::vector<model::FactSpec>& known) {
  const FactNames facts(known);
  Issues issues;
  std::vector<Rule> rules;
  rules.reserve(texts.size());
  for (const RuleText& text : texts) {
    const RuleSource source(text.where, text.text, issues);
    const json::Node root = text.without_examples
                                ? json::parse_until(text.text, text.where, "examples")
                                : json::parse(text.text, text.where);
    rules.push_back(read_rule(root, text, facts, source, !text.proven));
  }
  return in_id_order(std::move(rules));
}

std::vector<std::string> lint_rules(const std::vector<RuleText>& texts,
                                    const std::vector<model::FactSpec>& known) {
  const FactNames facts(known);
  std::vector<std::string> found;
  Issues issues(&found);
  std::vector<Rule> rules;
  for (const RuleText& text : texts) {
    const RuleSource source(text.where, text.text, issues);
    try {
      const json::Node root = json::parse(text.text, text.where);
      const size_t before = found.size();
      Rule rule = read_rule(root, text, facts, source, true);
      if (found.size() == before)
        lint_rule(rule, root, source, !text.proven || base::builtin_examples());
      if (!rule.id.empty()) rules.push_back(std::move(rule));
    } catch (const base::UserError& error) {
      issues.add(error);
    }
  }
  lint_together(in_id_order(std::move(rules)), issues);
  return found;
}

std::string pattern_fact(std::string_view rule_id, std::string_view name) {
  std::string fact = "line.";
  fact += rule_id;
  fact += '.';
  fact += name;
  return fact;
}

}  // namespace ngxdiag::engine

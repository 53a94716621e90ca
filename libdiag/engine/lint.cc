#include "libdiag/engine/lint.h"

#include <algorithm>
#include <map>
#include <set>

#include "libdiag/base/text.h"
#include "libdiag/engine/sentence.h"

namespace ngxdiag::engine {
namespace {

using json::Node;

void lint_reasons(const Node& root, const RuleSource& source) {
  const Node* prior = root.find("prior");
  if (prior && prior->is_object() && !prior->find("because"))
    source.mistake(prior->position(), "the prior has no reason", "add \"because\"");
  if (const Node* params = root.find("params"))
    for (const auto& [name, param] : params->members())
      if (param.is_object() && !param.find("because"))
        source.mistake(param.position(), "the parameter \"" + name + "\" has no reason",
                       "add \"because\"");
}

void lint_commands(const Rule& rule, const Node& root, const RuleSource& source) {
  const auto words_missing = [&](const std::string& text, json::Position at) {
    std::vector<Place> places;
    check_sentence(text, places);
    for (const Place& place : places)
      if (!place.has_words)
        source.mistake(
            at,
            "{" + std::string(place.name) + "} in a command has no words for when it is unknown",
            "write {" + std::string(place.name) + "|WORDS}");
  };
  const Node* fixes = root.find("fixes");
  for (size_t i = 0; i < rule.fixes.size(); ++i) {
    const json::Position at = fixes->items()[i].position();
    if (rule.fixes[i].fix.commands.empty()) source.mistake(at, "the fix has no commands");
    if (rule.fixes[i].fix.impact.empty()) source.mistake(at, "the fix does not say its impact");
    if (rule.fixes[i].fix.verify.empty())
      source.mistake(at, "the fix does not say how to verify it");
    for (const std::string& command : rule.fixes[i].fix.commands) words_missing(command, at);
  }
  const Node* checks = root.find("checks");
  for (size_t i = 0; i < rule.checks.size(); ++i)
    words_missing(rule.checks[i].command, checks->items()[i].position());
}

void lint_examples(const Rule& rule, const Node& root, const RuleSource& source) {
  const Node* examples = root.find("examples");
  const json::Position at = examples ? examples->position() : root.position();
  for (const bool fires : {true, false})
    if (std::none_of(rule.examples.begin(), rule.examples.end(),
                     [&](const RuleExample& example) { return example.fires == fires; }))
      source.mistake(
          at, fires ? "no example fires" : "no example stays quiet",
          fires ? "add one with \"fires\": true" : "add a look-alike with \"fires\": false");
}

// "nchan" of "rules/causes/nchan/x.json"; empty for a file that lies elsewhere.
std::string_view folder(std::string_view where) {
  const size_t causes = where.rfind("causes/");
  if (causes == std::string_view::npos) return {};
  where.remove_prefix(causes + 7);
  return where.substr(0, where.find('/') == std::string_view::npos ? 0 : where.find('/'));
}

// Of hundreds of names only a near one helps.
std::string near(const std::string& name, const std::vector<std::string>& candidates) {
  const std::string found = base::closest(name, candidates);
  return found.empty() ? "write that rule, or leave the name out"
                       : "did you mean \"" + found + "\"?";
}

}  // namespace

void lint_rule(const Rule& rule, const json::Node& root, const RuleSource& source,
               bool with_examples) {
  lint_reasons(root, source);
  lint_commands(rule, root, source);
  if (with_examples) lint_examples(rule, root, source);
  const std::string_view in = folder(source.where());
  if (!in.empty() && in != rule.component)
    source.mistake(root.find("component")->position(),
                   "the rule blames \"" + rule.component + "\" but lies in the folder \"" +
                       std::string(in) + "\"",
                   "move it to causes/" + rule.component + "/");
}

void lint_together(const RuleBase& base, Issues& issues) {
  std::set<std::string> names;
  std::vector<std::string> ids;
  for (const Rule& rule : base.rules) {
    names.insert({rule.id, rule.cause});
    ids.push_back(rule.id);
  }
  const std::vector<std::string> candidates(names.begin(), names.end());
  std::map<std::pair<std::string, std::string>, const Rule*> said;
  for (const Rule& rule : base.rules) {
    for (const std::string& name : rule.explains) {
      if (names.count(name) == 0)
        issues.add(
            base::UserError("\"explains\" names \"" + name + "\", which is no rule and no cause",
                            rule.where, {}, {}, near(name, candidates)));
      else if (name == rule.id)
        issues.add(base::UserError("the rule explains itself", rule.where));
    }
    for (const std::string& name : rule.supersedes)
      if (!base.find(name) || name == rule.id)
        issues.add(base::UserError("\"supersedes\" names \"" + name + "\", which is no other rule",
                                   rule.where, {}, {}, near(name, ids)));
    const auto [it, fresh] = said.insert({{rule.cause, rule.title}, &rule});
    if (!fresh)
      issues.add(base::UserError("cause and title are those of " + it->second->where, rule.where));
  }
}

}  // namespace ngxdiag::engine

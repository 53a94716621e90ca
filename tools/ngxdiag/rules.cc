// ngxdiag rules: the rule base.
#include <algorithm>
#include <set>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/json/parse.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/render/page.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/report_options.h"
#include "tools/ngxdiag/rules_commands.h"
#include "tools/ngxdiag/template_words.h"

namespace ngxdiag::tools {
namespace {

struct Verb {
  std::string_view name;
  std::string_view says;
  int (*run)(const CommandLine&, const RuleFiles&);
};

const std::vector<Verb> kVerbs = {
    {"list", "list  id, component, severity and title of every rule", rules_list},
    {"show", "show ID  one rule in words: conditions, weights, numbers with their reasons",
     rules_show},
    {"lint", "lint  all mistakes in the rule files", rules_lint},
    {"test", "test [ID]...  run the examples that the rules carry", rules_test},
    {"new", "new COMPONENT ID  print a rule to fill in", rules_new},
};

}  // namespace

Manual rules_manual() {
  std::vector<std::string_view> rows, words;
  for (const Verb& verb : kVerbs) {
    rows.push_back(verb.says);
    words.push_back(verb.name);
  }
  return {
      .name = "ngxdiag rules",
      .synopsis = {"list | show ID | lint | test [ID]... | new COMPONENT ID"},
      .paragraphs =
          {"The knowledge of ngxdiag is rules: one JSON file each, built in, and more from "
           "/etc/ngxdiag/rules.d and --rules. A rule of the same id replaces a built-in one."},
      .options = {{"rules", 0, "DIR", "add the rules below DIR"},
                  {"help", 'h', "", "print this help"}},
      .sections = {{"ACTIONS", rows}},
      .exit_status = {"0   done; lint and test: no mistake",
                      "1   lint and test: mistakes were found",
                      "64  wrong request, or a rule file that cannot be used",
                      "70  internal error of ngxdiag"},
      .examples = {{"ngxdiag rules list", "everything that can be diagnosed"},
                   {"ngxdiag rules new lua lua-my-crash > lua-my-crash.json", "begin a rule"},
                   {"ngxdiag rules lint --rules .", "check what was written"}},
      .words = words,
  };
}

std::string rule_id(const engine::RuleText& text) {
  std::string name = text.where.substr(text.where.rfind('/') + 1);
  if (name.ends_with(".json")) name.resize(name.size() - 5);
  return name;
}

const engine::RuleText& find_rule(const std::vector<engine::RuleText>& texts,
                                  const std::string& id) {
  const engine::RuleText* found = nullptr;
  std::vector<std::string> ids;
  for (const engine::RuleText& text : texts) {
    if (rule_id(text) == id) found = &text;
    ids.push_back(rule_id(text));
  }
  if (found) return *found;
  const std::string near = base::closest(id, ids);
  throw base::UserError("no such rule: " + base::printable(id), "ngxdiag rules", {},
                        near.empty() ? "" : "did you mean " + near + "?",
                        "see: ngxdiag rules list");
}

int rules_list(const CommandLine& line, const RuleFiles& files) {
  line.at_most(1);
  const engine::RuleBase base = engine::load_rules(files.all(), pipeline::known_facts());
  std::string out;
  size_t id_width = 0, component_width = 0;
  for (const engine::Rule& rule : base.rules) {
    id_width = std::max(id_width, rule.id.size());
    component_width = std::max(component_width, rule.component.size());
  }
  const auto padded = [](std::string text, size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text + "  ";
  };
  for (const engine::Rule& rule : base.rules)
    out += padded(rule.id, id_width) + padded(rule.component, component_width) +
           padded(std::string(model::severity_name(rule.severity)), 8) +
           base::printable(template_words(rule.title)) + "\n";
  print(out);
  return kOk;
}

int rules_lint(const CommandLine& line, const RuleFiles& files) {
  line.at_most(1);
  const auto texts = files.all();
  const auto mistakes = engine::lint_rules(texts, pipeline::known_facts());
  std::string out;
  for (const std::string& mistake : mistakes)
    out += mistake + (mistake.ends_with("\n") ? "" : "\n");
  if (mistakes.empty())
    out = base::plural(static_cast<int64_t>(texts.size()), "rule") + ", no mistakes\n";
  else
    out += base::plural(static_cast<int64_t>(mistakes.size()), "mistake") + "\n";
  print(out);
  return mistakes.empty() ? kOk : kWarning;
}

int run_rules(const Arguments& arguments) {
  const Manual page = rules_manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  if (asked_for_help(line, page)) return kOk;
  std::vector<std::string> names;
  for (const Verb& verb : kVerbs) names.emplace_back(verb.name);
  if (line.rest().empty())
    throw base::UserError("what to do with the rules?", line.program(), {},
                          "one of: " + base::join(names, ", "), "see: ngxdiag rules --help");
  const RuleFiles files(line.values("rules"));
  for (const Verb& verb : kVerbs)
    if (verb.name == line.rest()[0]) return verb.run(line, files);
  const std::string near = base::closest(line.rest()[0], names);
  throw base::UserError("unknown action " + base::printable(line.rest()[0]), line.program(), {},
                        near.empty() ? "" : "did you mean " + near + "?",
                        "one of: " + base::join(names, ", "));
}

}  // namespace ngxdiag::tools

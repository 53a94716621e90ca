#include "libdiag/engine/rule_reader.h"

#include <algorithm>

#include "libdiag/base/text.h"
#include "libdiag/engine/sentence.h"

namespace ngxdiag::engine {
namespace {

using json::Node;
using Names = std::vector<std::string>;

const Names& nginx_levels() {
  static const Names kLevels = {"debug", "info", "notice", "warn",
                                "error", "crit", "alert",  "emerg"};
  return kLevels;
}

bool is_slug(std::string_view text) {
  return !text.empty() && text[0] != '.' && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                  c == '_';
         });
}

// "nchan-worker-slots-exhausted" of "rules/causes/nchan/nchan-worker-slots-exhausted.json".
std::string_view stem(std::string_view where) {
  const size_t slash = where.rfind('/');
  if (slash != std::string_view::npos) where.remove_prefix(slash + 1);
  if (where.ends_with(".json")) where.remove_suffix(5);
  return where;
}

class Reader {
 public:
  Reader(const RuleText& text, const FactNames& facts, const RuleSource& source, bool check_regexes)
      : text_(text), source_(source), names_{{}, {}, {}, facts, check_regexes} {}

  Rule read(const Node& root) {
    rule_.where = text_.where;
    if (!only(root,
              {"$schema",     "id",       "cause",      "component",   "kind",     "group",
               "last_resort", "severity", "title",      "explanation", "params",   "lines",
               "prior",       "requires", "evidence",   "against",     "explains", "supersedes",
               "checks",      "fixes",    "references", "examples"}))
      return std::move(rule_);
    read_head(root);
    if (const Node* params = root.find("params")) read_params(*params);
    if (const Node* lines = root.find("lines")) read_lines(*lines);
    rule_.title = sentence(root, "title", true);
    rule_.explanation = sentence(root, "explanation", true);
    if (const Node* prior = needed(root, "prior"); prior && only(*prior, {"db", "because"})) {
      rule_.prior = number(*prior, "db");
      string(*prior, "because", false);
    }
    if (const Node* requires_ = needed(root, "requires"))
      rule_.requires_ = read_condition(*requires_, names_, source_);
    needed(root, "evidence");
    read_weighed(root, "evidence", rule_.evidence, 1);
    read_weighed(root, "against", rule_.against, -1);
    rule_.explains = strings(root, "explains");
    rule_.supersedes = strings(root, "supersedes");
    rule_.references = strings(root, "references");
    for (const Node& check : list(root, "checks")) read_check(check);
    for (const Node& fix : list(root, "fixes")) read_fix(fix);
    for (const Node& example : list(root, "examples")) read_example(example);
    if (source_.issues().gathering()) find_unused(root);
    return std::move(rule_);
  }

 private:
  // True when `node` is an object without other members than `allowed`.
  bool only(const Node& node, const Names& allowed) {
    if (!node.is_object()) {
      source_.mistake(node.position(),
                      "an object is needed here, not " + std::string(kind_name(node.kind())));
      return false;
    }
    for (const json::Key& key : node.keys())
      if (std::find(allowed.begin(), allowed.end(), key.name) == allowed.end())
        source_.mistake(key.position, "unknown member \"" + key.name + "\"",
                        suggestion(key.name, allowed));
    return true;
  }

  const Node* needed(const Node& node, std::string_view key) {
    const Node* value = node.find(key);
    if (!value)
      source_.mistake(node.position(), "\"" + std::string(key) + "\" is missing",
                      "docs/rule-format.md tells what it means");
    return value;
  }

  std::string string(const Node& node, std::string_view key, bool must) {
    const Node* value = must ? needed(node, key) : node.find(key);
    if (!value) return {};
    if (!value->is_string() || value->as_string().empty()) {
      source_.mistake(value->position(), "\"" + std::string(key) + "\" needs a text");
      return {};
    }
    return value->as_string();
  }

  double number(const Node& node, std::string_view key) {
    const Node* value = needed(node, key);
    if (!value) return 0;
    if (!value->is_number()) {
      source_.mistake(value->position(), "\"" + std::string(key) + "\" needs a number");
      return 0;
    }
    return value->as_number();
  }

  const std::vector<Node>& list(const Node& node, std::string_view key) {
    static const std::vector<Node> kNone;
    const Node* value = node.find(key);
    if (!value) return kNone;
    if (!value->is_array())
      source_.mistake(value->position(), "\"" + std::string(key) + "\" needs a list");
    return value->is_array() ? value->items() : kNone;
  }

  Names strings(const Node& node, std::string_view key) {
    Names all;
    for (const Node& item : list(node, key)) {
      if (item.is_string() && !item.as_string().empty())
        all.push_back(item.as_string());
      else
        source_.mistake(item.position(), "\"" + std::string(key) + "\" holds texts only");
    }
    return all;
  }

  bool boolean(const Node& node, std::string_view key, bool must) {
    const Node* value = must ? needed(node, key) : node.find(key);
    if (!value) return false;
    if (!value->is_boolean())
      source_.mistake(value->position(), "\"" + std::string(key) + "\" is true or false");
    return value->is_boolean() && value->as_boolean();
  }

  std::string slug(const Node& root, std::string_view key, bool must) {
    std::string value = string(root, key, must);
    if (!value.empty() && !is_slug(value))
      source_.mistake(
          root.find(key)->position(),
          "\"" + std::string(key) + "\" is a slug: small letters, digits, '-', '.', '_'");
    return value;
  }

  void read_head(const Node& root) {
    rule_.id = slug(root, "id", true);
    names_.id = rule_.id;
    if (!rule_.id.empty() && rule_.id != stem(text_.where))
      source_.mistake(root.find("id")->position(),
                      "the id \"" + rule_.id + "\" is not the file's name",
                      "name the file " + rule_.id + ".json, or the rule \"" +
                          std::string(stem(text_.where)) + "\"");
    rule_.cause = slug(root, "cause", true);
    rule_.component = slug(root, "component", true);
    rule_.group = slug(root, "group", false);
    rule_.last_resort = boolean(root, "last_resort", false);
    if (rule_.last_resort && rule_.group.empty() && !root.find("lines"))
      source_.mistake(root.key_position("last_resort"), "a last resort needs a group or lines",
                      "name the \"group\" of the rules it stands in for, or the \"lines\" that "
                      "nothing else may account for");
    rule_.kind = one_of(root, "kind", {"cause", "symptom", "forecast", "advisory"}, false);
    if (rule_.kind.empty()) rule_.kind = "cause";
    const std::string severity = one_of(root, "severity", {"info", "warning", "critical"}, true);
    rule_.severity = model::severity_by_name(severity).value_or(model::Severity::kInfo);
  }

  std::string one_of(const Node& node, std::string_view key, const Names& allowed, bool must) {
    const std::string value = string(node, key, must);
    if (!value.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end())
      source_.mistake(node.find(key)->position(),
                      "unknown " + std::string(key) + " \"" + value + "\"",
                      suggestion(value, allowed));
    return value;
  }

  void read_params(const Node& params) {
    if (!params.is_object()) {
      source_.mistake(params.position(), "\"params\" is an object: name to value and reason");
      return;
    }
    for (const auto& [name, param] : params.members())
      if (only(param, {"value", "because"})) {
        rule_.params[name] = number(param, "value");
        string(param, "because", false);
      }
    names_.params = rule_.params;
  }

  void read_lines(const Node& lines) {
    if (!lines.is_object()) {
      source_.mistake(lines.position(), "\"lines\" is an object: name to pattern");
      return;
    }
    for (const auto& [name, line] : lines.members()) {
      if (!is_slug(name) || base::contains(name, "."))
        source_.mistake(lines.key_position(name),
                        "the name of a pattern is small letters, digits, '-' and '_'");
      if (!only(line, {"in", "contains", "regex", "levels"})) continue;
      model::LinePattern pattern;
      pattern.id = rule_.id + "/" + name;
      pattern.contains = string(line, "contains", true);
      pattern.regex = string(line, "regex", false);
      pattern.in = kinds(line);
      pattern.leftover = rule_.last_resort && rule_.group.empty();
      pattern.levels = strings(line, "levels");
      for (const Node& level : list(line, "levels"))
        if (level.is_string() && std::find(nginx_levels().begin(), nginx_levels().end(),
                                           level.as_string()) == nginx_levels().end())
          source_.mistake(level.position(), "nginx has no level \"" + level.as_string() + "\"",
                          suggestion(level.as_string(), nginx_levels()));
      if (names_.check_regexes && !pattern.regex.empty()) check_regex(*line.find("regex"));
      names_.lines.insert(name);
      rule_.lines.push_back(std::move(pattern));
    }
  }

  std::vector<model::Kind> kinds(const Node& line) {
    std::vector<model::Kind> all;
    for (const Node& item : list(line, "in")) {
      const std::string name = item.is_string() ? item.as_string() : std::string();
      if (const std::optional<model::Kind> kind = model::kind_by_name(name)) {
        all.push_back(*kind);
        continue;
      }
      Names known;
      for (const model::KindName& entry : model::kKindNames) known.emplace_back(entry.name);
      source_.mistake(item.position(), "unknown kind of evidence \"" + name + "\"",
                      suggestion(name, known));
    }
    return all;
  }

  void check_regex(const Node& node) {
    try {
      base::Regex(node.as_string());
    } catch (const base::UserError& error) {
      source_.mistake(node.position(), error.what(), error.help, error.reason);
    }
  }

  // A text with places. `command`: values are put in quoted, so a place inside quotes would undo
  // them.
  void check_places(const Node& node, bool command) {
    std::vector<Place> places;
    if (const std::string wrong = check_sentence(node.as_string(), places); !wrong.empty())
      source_.mistake(node.position(), wrong);
    for (const Place& place : places) {
      std::string hint;
      if (names_.resolve(place.name, hint).empty())
        source_.mistake(node.position(),
                        "no analyzer declares the fact \"" + std::string(place.name) + "\"", hint);
      if (command && place.in_quotes)
        source_.mistake(node.position(),
                        "{" + std::string(place.name) + "} stands inside quotes of a command",
                        "end the quotes before it: every value brings its own");
    }
  }

  std::string sentence(const Node& node, std::string_view key, bool must, bool command = false) {
    const std::string text = string(node, key, must);
    if (!text.empty()) check_places(*node.find(key), command);
    return text;
  }

  std::shared_ptr<const Condition> when(const Node& node) {
    const Node* condition = node.find("when");
    return condition ? read_condition(*condition, names_, source_) : nullptr;
  }

  void read_weighed(const Node& root, std::string_view key, std::vector<WeighedSentence>& into,
                    int sign) {
    for (const Node& item : list(root, key)) {
      if (!only(item, {"when", "weight", "says"})) continue;
      WeighedSentence sentence_;
      needed(item, "when");
      sentence_.when = when(item);
      sentence_.weight = number(item, "weight");
      if (sentence_.weight * sign < 0)
        source_.mistake(item.find("weight")->position(),
                        sign > 0 ? "a reason for has no negative weight"
                                 : "a reason against has a negative weight",
                        sign > 0 ? "put it under \"against\"" : "put it under \"evidence\"");
      sentence_.says = sentence(item, "says", true);
      into.push_back(std::move(sentence_));
    }
  }

  void read_check(const Node& node) {
    if (!only(node, {"when", "says", "command"})) return;
    rule_.checks.push_back(
        {when(node), sentence(node, "says", true), sentence(node, "command", true, true)});
  }

  void read_fix(const Node& node) {
    if (!only(node, {"title", "commands", "impact", "undo", "verify", "when"})) return;
    RuleFix fix;
    fix.when = when(node);
    fix.fix.title = sentence(node, "title", true);
    fix.fix.commands = strings(node, "commands");
    for (const Node& command : list(node, "commands"))
      if (command.is_string()) check_places(command, true);
    fix.fix.impact = sentence(node, "impact", false);
    fix.fix.undo = sentence(node, "undo", false, true);
    fix.fix.verify = sentence(node, "verify", false, true);
    rule_.fixes.push_back(std::move(fix));
  }

  void read_example(const Node& node) {
    if (!only(node, {"name", "fires", "first", "files", "facts"})) return;
    RuleExample example;
    example.name = string(node, "name", true);
    example.fires = boolean(node, "fires", true);
    example.first = boolean(node, "first", false);
    if (const Node* files = node.find("files"))
      for (const auto& [name, text] : files->members()) {
        if (text.is_string())
          example.files[name] = text.as_string();
        else
          source_.mistake(text.position(), "a file of an example is a text");
      }
    if (const Node* facts = node.find("facts"))
      for (const auto& [name, value] : facts->members()) {
        std::string hint;
        const std::string fact = names_.resolve(name, hint);
        if (fact.empty())
          source_.mistake(facts->key_position(name),
                          "no analyzer declares the fact \"" + name + "\"", hint);
        else if (std::optional<model::Value> read = example_value(value))
          example.facts[fact] = std::move(*read);
      }
    if (example.files.empty() == example.facts.empty())
      source_.mistake(node.position(), "an example has either \"files\" or \"facts\"");
    rule_.examples.push_back(std::move(example));
  }

  std::optional<model::Value> example_value(const Node& node) {
    if (node.is_boolean()) return node.as_boolean();
    if (node.is_integer()) return node.as_integer();
    if (node.is_number()) return node.as_number();
    if (node.is_string()) return node.as_string();
    if (node.is_array()) {
      Names all;
      for (const Node& item : node.items())
        if (item.is_string()) all.push_back(item.as_string());
      if (all.size() == node.size()) return all;
    }
    source_.mistake(node.position(), "a fact is a text, a number, true, false or a list of texts");
    return std::nullopt;
  }

  void find_unused(const Node& root) {
    if (const Node* params = root.find("params"))
      for (const auto& [name, value] : rule_.params)
        if (names_.used_params.count(name) == 0)
          source_.mistake(params->key_position(name),
                          "no condition uses the parameter \"" + name + "\"");
    if (const Node* lines = root.find("lines"))
      for (const std::string& name : names_.lines)
        if (names_.used_lines.count(name) == 0)
          source_.mistake(lines->key_position(name), "nothing uses the pattern \"" + name + "\"");
  }

  const RuleText& text_;
  const RuleSource& source_;
  RuleNames names_;
  Rule rule_;
};

}  // namespace

Rule read_rule(const json::Node& root, const RuleText& text, const FactNames& facts,
               const RuleSource& source, bool check_regexes) {
  return Reader(text, facts, source, check_regexes).read(root);
}

}  // namespace ngxdiag::engine

#include "libdiag/engine/condition_reader.h"

#include <algorithm>
#include <array>

#include "libdiag/base/text.h"
#include "libdiag/base/version.h"
#include "libdiag/engine/rule.h"

namespace ngxdiag::engine {
namespace {

using json::Node;
using Op = Condition::Op;
using Test = Condition::Test;
using Parts = std::vector<Condition>;

constexpr std::array<std::string_view, 4> kNumberTests = {"at_least", "at_most", "above", "below"};

// Each form by its leading member, and the members that may stand beside it.
struct Form {
  std::string_view name;
  std::vector<std::string> beside;
};

const std::vector<Form>& forms() {
  static const std::vector<Form> kForms = {
      {"all", {}},
      {"any", {}},
      {"not", {}},
      {"fact",
       {"at_least", "at_most", "above", "below", "is", "matches", "version_below",
        "version_at_least"}},
      {"line", {"at_least", "at_most", "above", "below", "from", "matches", "group"}},
      {"directive", {"at_least", "at_most", "above", "below", "is", "matches"}},
      {"module", {"version_below", "version_at_least"}},
      {"loaded", {}},
      {"zone", {"matches"}},
      {"stack", {}},
      {"stack_top", {}},
      {"kernel_object", {}},
      {"nginx_below", {"nginx_at_least"}},
      {"nginx_at_least", {"nginx_below"}},
      {"unknown", {}},
      {"known", {}},
  };
  return kForms;
}

constexpr std::array<std::string_view, 5> kWriters = {"master", "worker", "shutting-down",
                                                      "cache-manager", "signaller"};

Condition all(Parts parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Condition condition;
  condition.op = Op::kAll;
  condition.parts = std::move(parts);
  return condition;
}

Condition about(std::string fact, Test test = Test::kTruthy) {
  Condition condition;
  condition.fact = std::move(fact);
  condition.test = test;
  return condition;
}

class Reader {
 public:
  Reader(RuleNames& names, const RuleSource& source) : names_(names), source_(source) {}

  std::optional<Condition> read(const Node& node) {
    if (!node.is_object() || node.size() == 0) {
      source_.mistake(node.position(),
                      "a condition is an object such as {\"fact\": \"deaths.total\"}");
      return std::nullopt;
    }
    const Form* form = find_form(node);
    if (!form) return std::nullopt;
    for (const json::Key& key : node.keys())
      if (key.name != form->name &&
          std::find(form->beside.begin(), form->beside.end(), key.name) == form->beside.end()) {
        source_.mistake(
            key.position,
            "unknown member \"" + key.name + "\" beside \"" + std::string(form->name) + "\"",
            suggestion(key.name, form->beside));
        return std::nullopt;
      }
    return read_form(form->name, *node.find(form->name), node);
  }

 private:
  const Form* find_form(const Node& node) {
    std::vector<std::string> leads;
    for (const Form& form : forms()) {
      if (node.find(form.name)) return &form;
      leads.emplace_back(form.name);
    }
    const json::Key& first = node.keys().front();
    source_.mistake(first.position, "\"" + first.name + "\" begins no condition",
                    suggestion(first.name, leads));
    return nullptr;
  }

  std::optional<Condition> read_form(std::string_view form, const Node& lead, const Node& node) {
    if (form == "all" || form == "any") return read_parts(form, lead);
    if (form == "not") {
      std::optional<Condition> inner = read(lead);
      if (!inner) return std::nullopt;
      Condition condition;
      condition.op = Op::kNot;
      condition.parts.push_back(std::move(*inner));
      return condition;
    }
    if (!lead.is_string() || lead.as_string().empty()) {
      source_.mistake(lead.position(), "\"" + std::string(form) + "\" needs a name in quotes");
      return std::nullopt;
    }
    const std::string& name = lead.as_string();
    if (form == "fact") return read_tests(resolve(lead, name), "", node);
    if (form == "known" || form == "unknown") {
      Condition condition = about(resolve(lead, name));
      condition.op = form == "known" ? Op::kKnown : Op::kUnknown;
      return condition;
    }
    if (form == "line") return read_line(lead, node);
    if (form == "directive") return read_tests("config.directive." + name, "config.complete", node);
    if (form == "module") return read_module(name, node);
    if (form == "loaded") return member_of("modules.loaded", name);
    if (form == "zone") return read_zone(lead, node);
    if (form == "stack") return matching("stack.frames", lead);
    if (form == "stack_top") return matching("stack.top", lead);
    if (form == "kernel_object") return matching("kernel.objects", lead);
    return all(version_tests("nginx.base_version", "nginx_", node));
  }

  std::optional<Condition> read_parts(std::string_view form, const Node& list) {
    if (!list.is_array() || list.size() == 0) {
      source_.mistake(list.position(), "\"" + std::string(form) + "\" needs a list of conditions");
      return std::nullopt;
    }
    Condition condition;
    condition.op = form == "all" ? Op::kAll : Op::kAny;
    for (const Node& item : list.items())
      if (std::optional<Condition> part = read(item)) condition.parts.push_back(std::move(*part));
    if (condition.parts.size() != list.size()) return std::nullopt;
    return condition;
  }

  // All tests that stand beside a fact; none: the fact is true.
  Condition read_tests(const std::string& fact, const std::string& complete, const Node& node) {
    Parts parts = number_tests(fact, node);
    if (const Node* is = node.find("is")) {
      Condition part = about(fact, Test::kIs);
      if (is->is_boolean())
        part.value = is->as_boolean();
      else if (is->is_integer())
        part.value = is->as_integer();
      else if (is->is_number())
        part.value = is->as_number();
      else if (is->is_string())
        part.value = is->as_string();
      else
        source_.mistake(is->position(), "\"is\" needs a text, a number, true or false");
      parts.push_back(std::move(part));
    }
    if (const Node* pattern = node.find("matches"))
      if (std::optional<Condition> part = matching(fact, *pattern))
        parts.push_back(std::move(*part));
    for (Condition& part : version_tests(fact, "version_", node)) parts.push_back(std::move(part));
    if (parts.empty()) parts.push_back(about(fact));
    for (Condition& part : parts) part.complete = complete;
    return all(std::move(parts));
  }

  Parts number_tests(const std::string& fact, const Node& node) {
    constexpr std::array<Test, 4> kTests = {Test::kAtLeast, Test::kAtMost, Test::kAbove,
                                            Test::kBelow};
    Parts parts;
    for (size_t i = 0; i < kTests.size(); ++i) {
      const Node* operand = node.find(kNumberTests[i]);
      if (!operand) continue;
      Condition part = about(fact, kTests[i]);
      read_operand(*operand, part);
      parts.push_back(std::move(part));
    }
    return parts;
  }

  void read_operand(const Node& operand, Condition& part) {
    if (!operand.is_string()) {
      source_.mistake(operand.position(), "a bare number in a condition",
                      "give it a name and a reason under \"params\", and write the name here");
      return;
    }
    const std::string& name = operand.as_string();
    if (name.starts_with("fact:")) {
      part.other = resolve(operand, name.substr(5));
      return;
    }
    const auto param = names_.params.find(name);
    if (param == names_.params.end()) {
      std::vector<std::string> candidates;
      for (const auto& [known, value] : names_.params) candidates.push_back(known);
      source_.mistake(
          operand.position(), "unknown parameter \"" + name + "\"",
          candidates.empty() ? "declare it under \"params\"" : suggestion(name, candidates));
      return;
    }
    names_.used_params.insert(name);
    part.number = param->second;
  }

  Parts version_tests(const std::string& fact, const std::string& prefix, const Node& node) {
    Parts parts;
    for (const auto& [suffix, test] :
         {std::pair("below", Test::kVersionBelow), std::pair("at_least", Test::kVersionAtLeast)}) {
      const Node* operand = node.find(prefix + suffix);
      if (!operand) continue;
      if (!operand->is_string() || !base::is_version(operand->as_string())) {
        source_.mistake(operand->position(), "not a version", "write it as \"1.25.4\"");
        continue;
      }
      Condition part = about(fact, test);
      part.text = operand->as_string();
      parts.push_back(std::move(part));
    }
    return parts;
  }

  Condition read_module(const std::string& name, const Node& node) {
    Condition present = about("modules." + name + ".present");
    present.complete = "modules.complete";
    Parts parts;
    parts.push_back(std::move(present));
    for (Condition& part : version_tests("modules." + name + ".version", "version_", node))
      parts.push_back(std::move(part));
    return all(std::move(parts));
  }

  Condition member_of(const std::string& list, const std::string& name) {
    Condition condition = about(list, Test::kIs);
    condition.value = name;
    return condition;
  }

  std::optional<Condition> read_zone(const Node& lead, const Node& node) {
    const Node* as_regex = node.find("matches");
    if (as_regex && !as_regex->is_boolean()) {
      source_.mistake(as_regex->position(), "\"matches\" beside \"zone\" is true or false");
      return std::nullopt;
    }
    if (as_regex && as_regex->as_boolean()) return matching("zones.locked", lead);
    return member_of("zones.locked", lead.as_string());
  }

  std::optional<Condition> matching(const std::string& fact, const Node& pattern) {
    if (!pattern.is_string() || pattern.as_string().empty()) {
      source_.mistake(pattern.position(), "a regular expression in quotes is needed here");
      return std::nullopt;
    }
    if (names_.check_regexes) {
      try {
        base::Regex(pattern.as_string());
      } catch (const base::UserError& error) {
        source_.mistake(pattern.position(), error.what(), error.help, error.reason);
        return std::nullopt;
      }
    }
    Condition condition = about(fact, Test::kMatches);
    condition.regex = std::make_shared<LazyRegex>(pattern.as_string());
    return condition;
  }

  std::optional<Condition> read_line(const Node& lead, const Node& node) {
    const std::string& name = lead.as_string();
    if (names_.lines.count(name) == 0) {
      source_.mistake(lead.position(), "unknown pattern \"" + name + "\"",
                      names_.lines.empty()
                          ? "declare it under \"lines\""
                          : suggestion(name, {names_.lines.begin(), names_.lines.end()}));
      return std::nullopt;
    }
    names_.used_lines.insert(name);
    const std::string fact = pattern_fact(names_.id, name);
    Parts parts = number_tests(fact, node);
    if (parts.empty()) parts.push_back(about(fact));
    if (const Node* from = node.find("from")) {
      if (!from->is_string() ||
          std::find(kWriters.begin(), kWriters.end(), from->as_string()) == kWriters.end()) {
        source_.mistake(from->position(), "unknown writer of a line",
                        suggestion(from->is_string() ? from->as_string() : "",
                                   {kWriters.begin(), kWriters.end()}));
        return std::nullopt;
      }
      Condition part = member_of(fact + ".roles", from->as_string());
      part.empty_is_unknown = true;
      parts.push_back(std::move(part));
    }
    const Node* pattern = node.find("matches");
    const Node* group = node.find("group");
    if (group && (!pattern || !group->is_integer() || group->as_integer() < 0)) {
      source_.mistake(group->position(), "\"group\" is the number of a capture for \"matches\"");
      return std::nullopt;
    }
    if (pattern) {
      const std::string number = std::to_string(group ? group->as_integer() : 1);
      std::optional<Condition> part = matching(fact + "." + number, *pattern);
      if (!part) return std::nullopt;
      parts.push_back(std::move(*part));
    }
    return all(std::move(parts));
  }

  std::string resolve(const Node& at, const std::string& name) {
    std::string hint;
    std::string fact = names_.resolve(name, hint);
    if (fact.empty())
      source_.mistake(at.position(), "no analyzer declares the fact \"" + name + "\"", hint);
    return fact;
  }

  RuleNames& names_;
  const RuleSource& source_;
};

}  // namespace

std::string RuleNames::resolve(std::string_view name, std::string& hint) {
  if (!name.starts_with("line.")) {
    if (facts.knows(name)) return std::string(name);
    hint = facts.hint(name);
    return {};
  }
  std::string_view rest = name.substr(5);
  if (rest.starts_with(id + ".")) rest.remove_prefix(id.size() + 1);  // the fact's full name
  const size_t dot = rest.find('.');
  const std::string line(rest.substr(0, dot));
  const std::string_view detail = dot == std::string_view::npos ? "" : rest.substr(dot + 1);
  if (lines.count(line) > 0 &&
      (dot == std::string_view::npos || detail == "roles" || detail == "values" ||
       detail == "seconds" || detail == "writers" || base::parse_int(detail))) {
    used_lines.insert(line);
    return pattern_fact(id, rest);
  }
  std::vector<std::string> candidates;
  for (const std::string& each : lines) candidates.push_back("line." + each);
  hint = candidates.empty() ? "declare the pattern under \"lines\"" : suggestion(name, candidates);
  return {};
}

std::shared_ptr<const Condition> read_condition(const json::Node& node, RuleNames& names,
                                                const RuleSource& source) {
  std::optional<Condition> condition = Reader(names, source).read(node);
  return condition ? std::make_shared<const Condition>(std::move(*condition)) : nullptr;
}

}  // namespace ngxdiag::engine

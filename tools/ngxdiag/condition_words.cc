#include "tools/ngxdiag/condition_words.h"

#include "libdiag/json/dump.h"

namespace ngxdiag::tools {
namespace {

using json::Node;

std::string text_of(const Node& node) {
  return node.is_string() ? node.as_string() : json::dump(node, -1);
}

// "many" with the number it stands for; a fact to compare with without its mark.
std::string operand(const Node& node, const Node* params) {
  const std::string name = text_of(node);
  if (name.starts_with("fact:")) return name.substr(5);
  const Node* param = params ? params->find(name) : nullptr;
  const Node* value = param ? param->find("value") : nullptr;
  return value ? json::dump(*value, -1) + " (" + name + ")" : name;
}

struct Form {
  std::string_view key, before, after;
};

// What a condition is about. The first that is there begins the sentence.
constexpr Form kSubjects[] = {
    {"fact", "", ""},
    {"line", "the line \"", "\" was met"},
    {"directive", "the configuration has ", ""},
    {"module", "the module ", " is there"},
    {"loaded", "the module ", " is in the process's memory"},
    {"zone", "the zone ", " was locked by a dead process"},
    {"stack", "a frame of a backtrace matches ", ""},
    {"stack_top", "the innermost frame of a backtrace matches ", ""},
    {"kernel_object", "a kernel line blames an object that matches ", ""},
    {"nginx_below", "nginx is older than ", ""},
    {"nginx_at_least", "nginx is at least ", ""},
    {"unknown", "", " is not known"},
    {"known", "", " is known"},
};

constexpr Form kTests[] = {
    {"at_least", " is at least ", ""},
    {"at_most", " is at most ", ""},
    {"above", " is above ", ""},
    {"below", " is below ", ""},
    {"is", " is ", ""},
    {"matches", " matches ", ""},
    {"version_below", ", older than ", ""},
    {"version_at_least", ", at least ", ""},
    {"from", ", written by a ", ""},
    {"group", ", in capture ", ""},
};

void tell(const Node& condition, const Node* params, size_t depth,
          std::vector<ConditionLine>& out) {
  if (const Node* all = condition.find("all")) {
    out.push_back({depth, "all of"});
    for (const Node& part : all->items()) tell(part, params, depth + 1, out);
    return;
  }
  if (const Node* any = condition.find("any")) {
    out.push_back({depth, "any of"});
    for (const Node& part : any->items()) tell(part, params, depth + 1, out);
    return;
  }
  if (const Node* none = condition.find("not")) {
    out.push_back({depth, "not"});
    tell(*none, params, depth + 1, out);
    return;
  }
  std::string text;
  bool plain_fact = false;
  for (const Form& form : kSubjects) {
    const Node* subject = condition.find(form.key);
    if (!subject) continue;
    plain_fact = form.key == "fact";
    text = std::string(form.before) + text_of(*subject) + std::string(form.after);
    break;
  }
  bool tested = false;
  for (const Form& form : kTests) {
    const Node* test = condition.find(form.key);
    if (!test) continue;
    tested = true;
    if (test->is_boolean() && form.key == "matches")
      text += " (as an expression)";
    else
      text += std::string(form.before) + operand(*test, params);
  }
  if (plain_fact && !tested) text += " holds";
  out.push_back({depth, text.empty() ? json::dump(condition, -1) : text});
}

}  // namespace

std::vector<ConditionLine> condition_words(const Node& condition, const Node* params) {
  std::vector<ConditionLine> out;
  tell(condition, params, 0, out);
  return out;
}

}  // namespace ngxdiag::tools

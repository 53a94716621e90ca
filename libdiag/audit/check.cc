#include "libdiag/audit/check.h"

#include <algorithm>

#include "libdiag/audit/detectors.h"
#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/json/parse.h"

namespace ngxdiag::audit {
namespace {

using json::Node;

class Reader {
 public:
  Reader(std::string_view text, std::string_view where) : text_(text), where_(where) {}

  Check read() {
    const Node root = json::parse(text_, where_);
    known(root, {"id", "aliases", "group", "severity", "title", "explanation", "says", "fix",
                 "params", "find", "detect", "references", "examples"});
    Check check;
    check.id = string(root, "id");
    const std::string file = std::string(where_.substr(where_.rfind('/') + 1));
    if (where_.ends_with(".json") && file != check.id + ".json")
      fail(*root.find("id"), "the file is not named for its id", "rename one of them");
    check.aliases = strings(root, "aliases", false);
    check.group = string(root, "group");
    const auto severity = model::severity_by_name(string(root, "severity"));
    if (!severity) fail(*root.find("severity"), "no such severity", "info, warning or critical");
    check.severity = *severity;
    check.title = string(root, "title");
    check.explanation = string(root, "explanation");
    check.says = string(root, "says");
    check.fix = strings(root, "fix", true);
    check.references = strings(root, "references", true);
    if (const Node* params = root.find("params"))
      for (const auto& [key, value] : params->members()) {
        known(value, {"value", "because"});
        const Node* number = value.find("value");
        if (!number || !number->is_number()) fail(value, "a parameter has a number as its value");
        check.params[key] = {number->as_number(), string(value, "because")};
      }
    params_ = &check.params;
    read_search(root, check);
    read_examples(root, check);
    return check;
  }

 private:
  [[noreturn]] void fail(const Node& at, const std::string& what, const std::string& help = {}) {
    throw json::error_at(text_, where_, at.position(), what, {}, help);
  }

  void known(const Node& object, const std::vector<std::string>& names) {
    if (!object.is_object()) fail(object, "not an object");
    for (const auto& [key, value] : object.members())
      if (std::find(names.begin(), names.end(), key) == names.end())
        throw json::error_at(text_, where_, object.key_position(key), "unknown member " + key, {},
                             "one of: " + base::join(names, ", "));
  }

  const Node& member(const Node& object, std::string_view key) {
    const Node* found = object.find(key);
    if (!found) fail(object, "\"" + std::string(key) + "\" is missing");
    return *found;
  }

  std::string string(const Node& object, std::string_view key) {
    const Node& found = member(object, key);
    if (!found.is_string() || found.as_string().empty()) fail(found, "not a text");
    return found.as_string();
  }

  // A text or a list of texts.
  std::vector<std::string> texts(const Node& node) {
    std::vector<std::string> out;
    if (node.is_string()) return {node.as_string()};
    if (!node.is_array() || node.size() == 0) fail(node, "not a text or a list of texts");
    for (const Node& item : node.items()) {
      if (!item.is_string()) fail(item, "not a text");
      out.push_back(item.as_string());
    }
    return out;
  }

  std::vector<std::string> strings(const Node& object, std::string_view key, bool demanded) {
    const Node* found = object.find(key);
    if (!found && !demanded) return {};
    return texts(member(object, key));
  }

  double param(const Node& name) {
    if (!name.is_string()) fail(name, "name a parameter of this check");
    const auto found = params_->find(name.as_string());
    if (found == params_->end()) fail(name, "no such parameter", "declare it in params");
    return found->second.value;
  }

  void read_search(const Node& root, Check& check) {
    const Node* find = root.find("find");
    const Node* detect = root.find("detect");
    if (!find == !detect) fail(root, "either \"find\" or \"detect\"");
    if (detect) {
      check.detector_name = string(root, "detect");
      check.detector = detector(check.detector_name);
      if (!check.detector) fail(*detect, "no such detector");
      return;
    }
    known(*find, {"directive", "where", "once"});
    if (const Node* once = find->find("once"))
      check.once = once->is_boolean() && once->as_boolean();
    check.directives = texts(member(*find, "directive"));
    if (const Node* where = find->find("where")) check.where = condition(*where);
  }

  Condition condition(const Node& node) {
    using Form = Condition::Form;
    if (!node.is_object()) fail(node, "a condition is an object");
    static const std::vector<std::pair<std::string, Form>> kNamed = {
        {"in", Form::kIn},
        {"under", Form::kUnder},
        {"has", Form::kHas},
        {"contains", Form::kContains},
        {"beside", Form::kBeside},
        {"effective", Form::kEffective},
        {"absent", Form::kAbsent},
        {"anywhere", Form::kAnywhere},
        {"nginx_below", Form::kNginxBelow},
        {"nginx_at_least", Form::kNginxAtLeast}};
    Condition out;
    for (const auto& [name, form] : kNamed)
      if (const Node* value = node.find(name)) {
        out.form = form;
        out.names = texts(*value);
        const bool tested = form != Form::kIn && form != Form::kUnder &&
                            form != Form::kNginxBelow && form != Form::kNginxAtLeast;
        read_test(node, tested ? name : "", name, out.test);
        return out;
      }
    if (const Node* all = node.find("all")) return several(node, *all, "all", Form::kAll);
    if (const Node* any = node.find("any")) return several(node, *any, "any", Form::kAny);
    if (const Node* inner = node.find("not")) {
      known(node, {"not"});
      out.form = Form::kNot;
      out.parts.push_back(condition(*inner));
      return out;
    }
    if (const Node* complete = node.find("complete")) {
      known(node, {"complete"});
      if (!complete->is_boolean() || !complete->as_boolean()) fail(*complete, "write true");
      out.form = Form::kComplete;
      return out;
    }
    out.form = Form::kSelf;
    read_test(node, "self", "", out.test);
    if (node.size() == 0) fail(node, "an empty condition");
    return out;
  }

  Condition several(const Node& node, const Node& list, const char* name, Condition::Form form) {
    known(node, {name});
    Condition out;
    out.form = form;
    if (!list.is_array() || list.size() == 0) fail(list, "not a list of conditions");
    for (const Node& part : list.items()) out.parts.push_back(condition(part));
    return out;
  }

  void read_test(const Node& node, const std::string& tested, const std::string& own,
                 ArgTest& test) {
    std::vector<std::string> names;
    if (!own.empty()) names.push_back(own);
    if (!tested.empty())
      names.insert(names.end(), {"args", "arg", "matches", "is", "below", "above"});
    known(node, names);
    if (const Node* args = node.find("args")) test.matches.emplace(regex(*args));
    if (const Node* matches = node.find("matches")) test.matches.emplace(regex(*matches));
    if (const Node* is = node.find("is")) test.is = texts(*is);
    if (const Node* below = node.find("below")) test.below = param(*below);
    if (const Node* above = node.find("above")) test.above = param(*above);
    if (const Node* arg = node.find("arg")) {
      if (arg->is_integer() && arg->as_integer() >= 0)
        test.arg = static_cast<int>(arg->as_integer());
      else if (arg->is_string() && arg->as_string() == "any")
        test.arg = -2;
      else
        fail(*arg, "the number of an argument, or \"any\"");
    }
  }

  base::Regex regex(const Node& node) {
    if (!node.is_string()) fail(node, "not a text");
    try {
      return base::Regex(node.as_string());
    } catch (const base::UserError& error) {
      fail(node, error.what(), error.help);
    }
  }

  void read_examples(const Node& root, Check& check) {
    bool fires = false, quiet = false;
    const Node& list = member(root, "examples");
    for (const Node& item : list.items()) {
      known(item, {"name", "fires", "config", "lines", "nginx", "cpus", "nofile", "modules"});
      CheckExample example;
      example.name = string(item, "name");
      example.config = string(item, "config");
      example.fires = member(item, "fires").is_boolean() && member(item, "fires").as_boolean();
      if (const Node* lines = item.find("lines"))
        for (const Node& line : lines->items())
          example.lines.push_back(static_cast<int>(line.as_integer()));
      if (item.find("nginx")) example.host.nginx_version = string(item, "nginx");
      if (const Node* cpus = item.find("cpus")) example.host.cpus = cpus->as_integer();
      if (const Node* nofile = item.find("nofile")) example.host.nofile = nofile->as_integer();
      example.host.modules = strings(item, "modules", false);
      (example.fires ? fires : quiet) = true;
      check.examples.push_back(std::move(example));
    }
    if (!fires || !quiet) fail(list, "an example that fires and one that stays quiet");
  }

  std::string_view text_, where_;
  const std::map<std::string, Check::Param, std::less<>>* params_ = nullptr;
};

}  // namespace

double Context::param(std::string_view name) const { return check.params.find(name)->second.value; }

Check read_check(std::string_view text, std::string_view where) {
  return Reader(text, where).read();
}

std::vector<Check> builtin_checks() {
  std::vector<Check> out;
  for (const base::BuiltinFile& file : base::builtin_files())
    if (file.path.starts_with("rules/config/")) out.push_back(read_check(file.text, file.path));
  return out;
}

std::vector<Hit> find_hits(const Context& context) {
  const Check& check = context.check;
  if (check.detector) return check.detector(context);
  std::vector<NodeId> candidates;
  for (const std::string& name : check.directives) {
    const auto ids = context.tree.all(name);
    candidates.insert(candidates.end(), ids.begin(), ids.end());
  }
  std::sort(candidates.begin(), candidates.end());
  std::vector<Hit> hits;
  for (const NodeId id : candidates)
    if (holds(check.where, context.tree, id, context.host)) {
      hits.push_back({.node = id});
      if (check.once) break;
    }
  return hits;
}

}  // namespace ngxdiag::audit

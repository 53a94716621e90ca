#include "libdiag/audit/dump.h"

#include <map>
#include <vector>

#include "libdiag/parse/glob.h"

namespace ngxdiag::audit {
namespace {

using json::Node;

constexpr size_t kMostFiles = 20'000;
constexpr size_t kMostBytes = size_t{64} << 20;

class Dumper {
 public:
  Dumper(const parse::ConfigReader& reader, const std::string& main)
      : reader_(reader), directory_(parse::config_directory(main)) {
    number_of(main);
  }

  Node run() {
    Node files = Node::array(), all_errors = Node::array();
    bool failed = false;
    for (size_t i = 0; i < names_.size(); ++i) {
      errors_ = Node::array();
      const std::string name = names_[i];
      const auto text = reader_.read ? reader_.read(name) : std::nullopt;
      Node parsed = Node::array();
      bytes_ += text ? text->size() : 0;
      if (!text) {
        error("open() \"" + name + "\" failed", 0);
      } else if (bytes_ > kMostBytes) {
        error("the configuration is too large, the rest is not read", 0);
      } else {
        const parse::Config config = parse::parse_config_fragment(*text, name);
        for (const parse::ConfigProblem& problem : config.problems)
          error(problem.says, problem.line);
        parsed = level(config.directives);
      }
      for (const Node& one : errors_.items()) {
        Node copy = Node::object();
        copy.set("file", name);
        copy.set("error", *one.find("error"));
        copy.set("line", *one.find("line"));
        all_errors.push(std::move(copy));
        failed = true;
      }
      Node file = Node::object();
      file.set("file", name);
      file.set("status", errors_.size() > 0 ? "failed" : "ok");
      file.set("errors", std::move(errors_));
      file.set("parsed", std::move(parsed));
      files.push(std::move(file));
    }
    Node out = Node::object();
    out.set("status", failed ? "failed" : "ok");
    out.set("errors", std::move(all_errors));
    out.set("config", std::move(files));
    return out;
  }

 private:
  // The number of a file, which is read later when it is new; -1 when there are too many.
  int64_t number_of(const std::string& name) {
    const auto [known, fresh] = numbers_.try_emplace(name, static_cast<int64_t>(names_.size()));
    if (fresh && names_.size() >= kMostFiles) {
      numbers_.erase(known);
      return -1;
    }
    if (fresh) names_.push_back(name);
    return known->second;
  }

  void error(const std::string& says, int line) {
    Node node = Node::object();
    node.set("error", says);
    if (line > 0)
      node.set("line", line);
    else
      node.set("line", Node());
    errors_.push(std::move(node));
  }

  Node includes(const parse::Directive& directive) {
    Node out = Node::array();
    std::string path(directive.arg(0));
    if (!path.starts_with("/")) path = directory_ + path;
    std::vector<std::string> names = {path};
    if (parse::has_wildcard(path))
      names = reader_.glob ? reader_.glob(path) : std::vector<std::string>{};
    for (const std::string& name : names)
      if (const int64_t number = number_of(name); number >= 0) out.push(number);
    return out;
  }

  // Of an `if` without the parentheses, as crossplane has them.
  static std::vector<std::string> arguments(const parse::Directive& directive) {
    std::vector<std::string> out;
    for (const parse::ConfigArg& arg : directive.args) out.push_back(arg.value);
    if (directive.name != "if" || out.empty() || !out.front().starts_with("(") ||
        !out.back().ends_with(")"))
      return out;
    out.front().erase(0, 1);
    out.back().pop_back();
    if (out.front().empty()) out.erase(out.begin());
    if (!out.empty() && out.back().empty()) out.pop_back();
    return out;
  }

  // The parser bounds the depth.
  Node level(const std::vector<parse::Directive>& directives) {
    Node out = Node::array();
    for (const parse::Directive& directive : directives) {
      Node node = Node::object();
      node.set("directive", directive.name);
      node.set("line", directive.line);
      Node args = Node::array();
      for (const std::string& arg : arguments(directive)) args.push(arg);
      // A Lua block is one argument, its code.
      if (!directive.raw_body.empty()) args.push(directive.raw_body);
      node.set("args", std::move(args));
      if (directive.name == "include" && !directive.block && directive.args.size() == 1)
        node.set("includes", includes(directive));
      if (directive.block && directive.raw_body.empty())
        node.set("block", level(directive.children));
      out.push(std::move(node));
    }
    return out;
  }

  const parse::ConfigReader& reader_;
  std::string directory_;
  std::vector<std::string> names_;
  std::map<std::string, int64_t> numbers_;
  Node errors_;
  size_t bytes_ = 0;
};

}  // namespace

json::Node dump_config(const parse::ConfigReader& reader, const std::string& main) {
  return Dumper(reader, main).run();
}

}  // namespace ngxdiag::audit

#include "libdiag/audit/variables.h"

#include <algorithm>
#include <array>

#include "libdiag/audit/regex_shape.h"
#include "libdiag/base/text.h"

namespace ngxdiag::audit {
namespace {

constexpr int kFollow = 8;  // `set` from `map` from `set` …
constexpr std::string_view kUnsafeInHeader = "\r\n";

bool name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Decoded by nginx, so that %0a in a request is a newline here (ngx_http_parse_complex_uri).
bool is_decoded_uri(std::string_view name) {
  return name == "uri" || name == "document_uri" || name == "request_filename" ||
         name == "fastcgi_script_name" || name == "fastcgi_path_info";
}

// What the client writes, as it came over the wire: no control characters.
bool is_raw_input(std::string_view name) {
  for (const std::string_view prefix : {"arg_", "http_", "cookie_"})
    if (name.starts_with(prefix)) return true;
  for (const std::string_view known : {"args", "query_string", "request_uri", "request", "is_args",
                                       "request_body", "remote_user", "ssl_server_name"})
    if (name == known) return known != std::string_view("is_args");
  return false;
}

void collect_named(const CaptureSource& source,
                   std::unordered_map<std::string, std::vector<CaptureSource>>& into) {
  const std::string& text = source.expression;
  for (size_t at = 0; (at = text.find("(?", at)) != std::string::npos; at += 2) {
    size_t from = at + 2;
    if (from < text.size() && text[from] == 'P') ++from;
    if (from >= text.size() || text[from] != '<') continue;
    const size_t close = text.find('>', ++from);
    if (close == std::string::npos) break;
    const std::string name = base::lower(text.substr(from, close - from));
    if (!name.empty() && std::all_of(name.begin(), name.end(), name_char))
      into[name].push_back(source);
  }
}

std::string strip_tilde(std::string_view text, bool& ignore_case) {
  text.remove_prefix(1);
  ignore_case = text.starts_with("*");
  if (ignore_case) text.remove_prefix(1);
  return std::string(text);
}

}  // namespace

std::vector<VariableUse> variables_in(std::string_view text) {
  std::vector<VariableUse> out;
  for (size_t at = 0; (at = text.find('$', at)) != std::string_view::npos;) {
    size_t from = at + 1;
    const bool braces = from < text.size() && text[from] == '{';
    if (braces) ++from;
    size_t end = from;
    if (!braces && end < text.size() && text[end] >= '1' && text[end] <= '9')
      ++end;  // captures have one digit (ngx_http_script_compile)
    else
      while (end < text.size() && name_char(text[end])) ++end;
    if (end == from || (braces && (end >= text.size() || text[end] != '}'))) {
      at = from;
      continue;
    }
    const size_t behind = braces ? end + 1 : end;
    out.push_back({base::lower(text.substr(from, end - from)), at, behind});
    at = behind;
  }
  return out;
}

IfCondition if_condition(const parse::Directive& directive) {
  std::vector<std::string> words;
  for (const parse::ConfigArg& arg : directive.args) words.push_back(arg.value);
  if (!words.empty() && words.front().starts_with("(")) {
    words.front().erase(0, 1);
    if (words.front().empty()) words.erase(words.begin());
  }
  if (!words.empty() && words.back().ends_with(")")) {
    words.back().pop_back();
    if (words.back().empty()) words.pop_back();
  }
  IfCondition out;
  if (words.empty()) return out;
  if (words[0].starts_with("$")) {
    out.variable = base::lower(words[0].substr(1));
    if (words.size() > 1) out.op = words[1];
    if (words.size() > 2) out.value = words[2];
  } else {
    out.op = words[0];
    if (words.size() > 1) out.value = words[1];
  }
  return out;
}

Taint::Taint(const Tree& tree) : tree_(tree) {
  for (const NodeId id : tree.all("set"))
    if (tree.at(id).arg(0).starts_with("$"))
      sets_[base::lower(tree.at(id).arg(0).substr(1))].push_back(id);
  for (const NodeId id : tree.all("map")) {
    const parse::Directive& map = tree.at(id);
    if (!map.arg(1).starts_with("$")) continue;
    const auto source = variables_in(map.arg(0));
    maps_[base::lower(map.arg(1).substr(1))].push_back(
        {id, source.empty() ? std::string() : source.front().name});
    for (const parse::Directive& line : map.children) {
      if (!line.name.starts_with("~") || source.empty()) continue;
      CaptureSource found;
      found.expression = strip_tilde(line.name, found.ignore_case);
      found.subject = source.front().name;
      collect_named(found, named_);
    }
  }
  for (const NodeId id : tree.all("location"))
    if (tree.at(id).args.size() == 2 && tree.at(id).arg(0).starts_with("~"))
      collect_named({std::string(tree.at(id).arg(1)), tree.at(id).arg(0) == "~*", "uri"}, named_);
  for (const NodeId id : tree.all("rewrite"))
    collect_named({std::string(tree.at(id).arg(0)), false, "uri"}, named_);
  for (const NodeId id : tree.all("if")) {
    const IfCondition condition = if_condition(tree.at(id));
    if (condition.regex())
      collect_named({condition.value, condition.op.ends_with("*"), condition.variable}, named_);
  }
}

bool Taint::capture_source(const Tree& tree, NodeId at, CaptureSource& out) {
  NodeId below = at;
  for (NodeId block = tree.parent(at); block != kTop; below = block, block = tree.parent(block)) {
    const parse::Directive& directive = tree.at(block);
    // A rewrite before it on this level may have matched last.
    const auto rewrites = tree.children(block, "rewrite");
    const auto behind = std::lower_bound(rewrites.begin(), rewrites.end(), below);
    if (behind != rewrites.begin()) {
      out = {std::string(tree.at(*(behind - 1)).arg(0)), false, "uri"};
      return true;
    }
    if (directive.name == "if") {
      const IfCondition condition = if_condition(directive);
      if (condition.regex()) {
        out = {condition.value, condition.op.ends_with("*"), condition.variable};
        return true;
      }
    }
    if (directive.name == "location" && directive.args.size() == 2 &&
        directive.arg(0).starts_with("~")) {
      out = {std::string(directive.arg(1)), directive.arg(0) == "~*", "uri"};
      return true;
    }
    if (directive.name == "server")
      for (const NodeId id : tree.children(block, "server_name"))
        for (const parse::ConfigArg& name : tree.at(id).args)
          if (name.value.starts_with("~")) {
            out = {name.value.substr(1), true, "host"};
            return true;
          }
  }
  return false;
}

bool Taint::capture_may_hold(const CaptureSource& source, const std::string& group, char c,
                             int depth) const {
  const auto shape = RegexShape::parse(source.expression, source.ignore_case);
  if (!shape) return false;
  const int number =
      group[0] >= '0' && group[0] <= '9' ? group[0] - '0' : shape->group_named(group);
  return number > 0 && shape->group_may_hold(number, c) &&
         named_may_hold(source.subject, c, depth + 1);
}

bool Taint::text_may_hold(std::string_view text, char c, NodeId at, int depth) const {
  for (const VariableUse& use : variables_in(text)) {
    if (!use.capture()) {
      if (named_may_hold(use.name, c, depth + 1)) return true;
      continue;
    }
    CaptureSource source;
    if (capture_source(tree_, at, source) && capture_may_hold(source, use.name, c, depth + 1))
      return true;
  }
  return false;
}

bool Taint::named_may_hold(const std::string& name, char c, int depth) const {
  if (depth > kFollow) return false;
  const bool control = kUnsafeInHeader.find(c) != std::string_view::npos;
  if (is_decoded_uri(name)) return true;
  if (is_raw_input(name)) return !control;
  // nginx checks the characters of a host name (ngx_http_validate_host).
  if (name == "host") return !control && c != '/' && c != '?' && c != '#' && c != '@' && c != ':';
  const auto [known, fresh] = known_.try_emplace(name + c, false);  // false ends a circle
  if (!fresh) return known->second;
  const bool result = derived_may_hold(name, c, depth);
  return known_[name + c] = result;
}

bool Taint::derived_may_hold(const std::string& name, char c, int depth) const {
  if (const auto found = sets_.find(name); found != sets_.end())
    for (const NodeId id : found->second)
      if (text_may_hold(tree_.at(id).arg(1), c, id, depth)) return true;
  if (const auto found = named_.find(name); found != named_.end())
    for (const CaptureSource& source : found->second)
      if (capture_may_hold(source, name, c, depth)) return true;
  if (const auto found = maps_.find(name); found != maps_.end())
    for (const MapBlock& map : found->second)
      for (const parse::Directive& line : tree_.at(map.node).children) {
        const std::string_view value = line.arg(0);
        for (const VariableUse& use : variables_in(value)) {
          if (!use.capture()) {
            if (named_may_hold(use.name, c, depth + 1)) return true;
            continue;
          }
          if (!line.name.starts_with("~")) continue;
          CaptureSource source;
          source.expression = strip_tilde(line.name, source.ignore_case);
          source.subject = map.source;
          if (capture_may_hold(source, use.name, c, depth + 1)) return true;
        }
      }
  return false;
}

bool Taint::may_hold(const VariableUse& use, char c, NodeId at) const {
  if (!use.capture()) return named_may_hold(use.name, c, 0);
  CaptureSource source;
  return capture_source(tree_, at, source) && capture_may_hold(source, use.name, c, 0);
}

}  // namespace ngxdiag::audit

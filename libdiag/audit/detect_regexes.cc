// Regular expressions: those that run for ever, those that match too much or need not be one, and
// captures that are not there or that old versions mishandle.
#include <algorithm>
#include <set>
#include <unordered_map>

#include "libdiag/audit/detect_themes.h"
#include "libdiag/audit/regex_shape.h"
#include "libdiag/audit/variables.h"
#include "libdiag/base/text.h"
#include "libdiag/base/version.h"

namespace ngxdiag::audit {
namespace {

struct Expression {
  NodeId node;
  std::string text;
  bool ignore_case = false;
};

bool is_regex_location(const parse::Directive& location, std::string& text, bool& ignore_case) {
  std::string_view modifier = location.arg(0), path = location.arg(1);
  if (location.args.size() == 1 && modifier.starts_with("~")) {
    const size_t length = modifier.starts_with("~*") ? 2 : 1;
    path = modifier.substr(length);
    modifier = modifier.substr(0, length);
  }
  if (modifier != "~" && modifier != "~*") return false;
  text = path;
  ignore_case = modifier == "~*";
  return true;
}

// Every expression of the configuration that a client's bytes are matched against.
std::vector<Expression> expressions(const Tree& tree) {
  std::vector<Expression> out;
  for (const NodeId id : tree.all("location")) {
    Expression found{id, {}, false};
    if (is_regex_location(tree.at(id), found.text, found.ignore_case)) out.push_back(found);
  }
  for (const NodeId id : tree.all("rewrite"))
    out.push_back({id, std::string(tree.at(id).arg(0)), false});
  for (const NodeId id : tree.all("if")) {
    const IfCondition condition = if_condition(tree.at(id));
    if (condition.regex()) out.push_back({id, condition.value, condition.op.ends_with("*")});
  }
  for (const NodeId id : tree.all("server_name"))
    for (const parse::ConfigArg& name : tree.at(id).args)
      if (name.value.starts_with("~")) out.push_back({id, name.value.substr(1), true});
  for (const NodeId id : tree.all("map"))
    for (const parse::Directive& line : tree.at(id).children)
      if (line.name.starts_with("~"))
        out.push_back({id, line.name.substr(line.name.starts_with("~*") ? 2 : 1),
                       line.name.starts_with("~*")});
  std::sort(out.begin(), out.end(),
            [](const Expression& a, const Expression& b) { return a.node < b.node; });
  return out;
}

std::vector<Hit> redos(const Context& context) {
  std::vector<Hit> hits;
  for (const Expression& one : expressions(context.tree)) {
    const auto shape = RegexShape::parse(one.text, one.ignore_case);
    if (shape && shape->explodes())
      hits.push_back({.node = one.node, .values = {{"expression", one.text}}});
  }
  return hits;
}

std::vector<Hit> exact_match(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("location")) {
    std::string text;
    bool ignore_case = false;
    if (!is_regex_location(tree.at(id), text, ignore_case) || ignore_case) continue;
    const auto shape = RegexShape::parse(text);
    const auto exact = shape ? shape->exact_text() : std::nullopt;
    if (exact) hits.push_back({.node = id, .values = {{"exact", *exact}}});
  }
  return hits;
}

bool refuses(const Tree& tree, NodeId location) {
  for (const NodeId id : tree.children(location, "deny"))
    if (tree.at(id).arg(0) == "all") return true;
  for (const NodeId id : tree.children(location, "return"))
    if (tree.at(id).arg(0).starts_with("4")) return true;
  return !tree.children(location, "internal").empty();
}

// A location that hands requests to an interpreter because of a suffix that need not be one.
std::vector<Hit> unanchored(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("location")) {
    std::string text;
    bool ignore_case = false;
    if (!is_regex_location(tree.at(id), text, ignore_case) || refuses(tree, id)) continue;
    const auto shape = RegexShape::parse(text, ignore_case);
    if (!shape || shape->has_anchor()) continue;
    const bool suffix =
        text.starts_with("\\.") || text.starts_with("[^/]\\.") || text.starts_with(".+\\.");
    Hit hit{.node = id,
            .values = {{"expression", text}, {"fixed", suffix ? text + "$" : "^" + text}}};
    const bool runs = !tree.inside(id, "fastcgi_pass").empty();
    if (suffix && runs) hit.severity = model::Severity::kWarning;
    hits.push_back(std::move(hit));
  }
  return hits;
}

// Captures that the expression beside them does not have.
std::vector<Hit> missing_group(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  const auto look = [&](NodeId at, const std::string& expression, bool ignore_case,
                        std::string_view value) {
    const auto shape = RegexShape::parse(expression, ignore_case);
    if (!shape) return;
    for (const VariableUse& use : variables_in(value)) {
      if (!use.capture() || use.name[0] - '0' <= shape->groups()) continue;
      hits.push_back({.node = at,
                      .values = {{"group", use.name},
                                 {"expression", expression},
                                 {"groups", base::plural(shape->groups(), "group")}}});
      return;
    }
  };
  for (const NodeId id : tree.all("rewrite")) {
    const parse::Directive& rewrite = tree.at(id);
    look(id, std::string(rewrite.arg(0)), false, rewrite.arg(1));
  }
  for (const NodeId id : tree.all("if")) {
    const IfCondition condition = if_condition(tree.at(id));
    if (!condition.regex() || condition.op.starts_with("!")) continue;
    // A rewrite in the block fills the captures anew.
    if (!tree.children(id, "rewrite").empty()) continue;
    for (const std::string_view name : {"set", "return"})
      for (const NodeId inner : tree.children(id, name))
        look(inner, condition.value, condition.op.ends_with("*"), tree.at(inner).arg(1));
  }
  for (const NodeId id : tree.all("map"))
    for (const parse::Directive& line : tree.at(id).children)
      if (line.name.starts_with("~"))
        look(id, line.name.substr(line.name.starts_with("~*") ? 2 : 1), true, line.arg(0));
  return hits;
}

// Nested captures used together: CVE-2026-9256, fixed in 1.31.1 and 1.30.2.
std::vector<Hit> overlapping(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : tree.all("rewrite")) {
    const parse::Directive& rewrite = tree.at(id);
    const std::string_view target = rewrite.arg(1), flag = rewrite.arg(2);
    const bool redirect = flag == "redirect" || flag == "permanent" || target.starts_with("http") ||
                          target.starts_with("$scheme");
    if (!redirect && target.find('?') == std::string_view::npos) continue;
    const auto shape = RegexShape::parse(rewrite.arg(0));
    if (!shape) continue;
    std::set<int> used;  // nine at the most
    for (const VariableUse& use : variables_in(target))
      if (use.capture() && use.name[0] - '0' <= shape->groups()) used.insert(use.name[0] - '0');
    std::vector<std::pair<int, int>> nested;
    for (const int outer : used)
      for (const int inner : used)
        if (outer < inner && shape->encloses(outer, inner)) nested.emplace_back(outer, inner);
    if (nested.empty()) continue;
    hits.push_back({.node = id,
                    .values = {{"outer", std::to_string(nested.front().first)},
                               {"inner", std::to_string(nested.front().second)}}});
  }
  return hits;
}

bool has_capture(std::string_view text) {
  const auto uses = variables_in(text);
  return std::any_of(uses.begin(), uses.end(),
                     [](const VariableUse& use) { return use.capture(); });
}

// Whether a directive of the rewrite module behind the rewrite reads a capture.
bool reads_capture(const parse::Directive& directive) {
  if (directive.name == "set" || directive.name == "rewrite") return has_capture(directive.arg(1));
  if (directive.name == "if") {
    const IfCondition condition = if_condition(directive);
    return !condition.regex() && has_capture(condition.value);
  }
  return false;
}

// A rewrite without a flag whose target has a question mark, and a capture read behind it:
// CVE-2026-42945, fixed in 1.31.0 and 1.30.1.
std::vector<Hit> stale_args_flag(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  // The first reader in an `if`, at any depth.
  const auto reader_in = [&](NodeId block) {
    for (NodeId id = block + 1; id < tree.end(block); ++id)
      if (reads_capture(tree.at(id))) return id;
    return kNone;
  };
  // For each child of a block the first reader behind it, from the last to the first.
  std::unordered_map<NodeId, std::unordered_map<NodeId, NodeId>> behind;
  const auto first_behind = [&](NodeId rewrite) {
    const NodeId block = tree.parent(rewrite);
    const auto [known, fresh] = behind.try_emplace(block);
    if (fresh) {
      NodeId next = kNone;
      const auto children = tree.children(block);
      for (auto id = children.rbegin(); id != children.rend(); ++id) {
        known->second[*id] = next;
        const NodeId inner = tree.at(*id).name == "if" ? reader_in(*id) : kNone;
        if (inner != kNone) next = inner;
        if (reads_capture(tree.at(*id))) next = *id;
      }
    }
    return known->second[rewrite];
  };
  for (const NodeId id : tree.all("rewrite")) {
    const parse::Directive& rewrite = tree.at(id);
    const std::string_view target = rewrite.arg(1);
    if (rewrite.args.size() != 2 || target.find('?') == std::string_view::npos) continue;
    if (target.starts_with("http") || target.starts_with("$scheme")) continue;
    const NodeId found = first_behind(id);
    if (found != kNone) hits.push_back({.node = id, .related = {found}});
  }
  return hits;
}

// Both depend on the version: quiet where it has the fix, worse where it has not.
std::vector<Hit> by_version(const Context& context, std::vector<Hit> hits, const char* stable,
                            const char* mainline) {
  const std::string& version = context.host.nginx_version;
  if (version.empty()) return hits;
  const bool fixed = base::compare_versions(version, mainline) >= 0 ||
                     (version.starts_with("1.30.") && base::compare_versions(version, stable) >= 0);
  if (fixed) return {};
  for (Hit& hit : hits) hit.severity = model::Severity::kWarning;
  return hits;
}

std::vector<Hit> overlapping_captures(const Context& context) {
  return by_version(context, overlapping(context), "1.30.2", "1.31.1");
}
std::vector<Hit> unnamed_groups(const Context& context) {
  return by_version(context, stale_args_flag(context), "1.30.1", "1.31.0");
}

}  // namespace

std::span<const NamedDetector> regex_detectors() {
  static constexpr NamedDetector kDetectors[] = {
      {"invalid-regex", missing_group},   {"overlapping-captures", overlapping_captures},
      {"regex-exact-match", exact_match}, {"regex-redos", redos},
      {"unanchored-regex", unanchored},   {"unnamed-groups", unnamed_groups},
  };
  return kDetectors;
}

}  // namespace ngxdiag::audit

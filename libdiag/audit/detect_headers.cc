// Headers: what a nested block drops, what a client can write into one, whom an origin lets in.
#include <algorithm>
#include <array>
#include <set>

#include "libdiag/audit/detect_themes.h"
#include "libdiag/audit/regex_shape.h"
#include "libdiag/audit/variables.h"
#include "libdiag/base/text.h"

namespace ngxdiag::audit {
namespace {

std::set<std::string> first_args(const Tree& tree, std::span<const NodeId> ids) {
  std::set<std::string> out;
  for (const NodeId id : ids) out.insert(base::lower(tree.at(id).arg(0)));
  return out;
}

// The first of `name` in every block that has any, outermost first.
std::vector<NodeId> first_in_blocks(const Tree& tree, std::string_view name) {
  std::vector<NodeId> out;
  std::set<NodeId> seen;
  for (const NodeId id : tree.all(name))
    if (seen.insert(tree.parent(id)).second) out.push_back(id);
  return out;
}

// Names of the nearest outer level of `name` that the block of `id` does not repeat.
std::vector<std::string> dropped(const Tree& tree, NodeId id, std::string_view name,
                                 NodeId& outer) {
  const NodeId block = tree.parent(id);
  if (block == kTop) return {};
  const auto inherited = tree.effective_all(tree.parent(block), name);
  if (inherited.empty()) return {};
  outer = inherited.front();
  const auto kept = first_args(tree, tree.children(block, name));
  std::vector<std::string> out;
  for (const std::string& header : first_args(tree, inherited))
    if (kept.count(header) == 0) out.push_back(header);
  return out;
}

bool any_of_names(const std::vector<std::string>& headers,
                  const std::vector<std::string_view>& known) {
  return std::any_of(headers.begin(), headers.end(), [&](const std::string& header) {
    return std::find(known.begin(), known.end(), header) != known.end();
  });
}

const std::vector<std::string_view> kSecurityHeaders = {"strict-transport-security",
                                                        "content-security-policy",
                                                        "x-frame-options",
                                                        "x-content-type-options",
                                                        "referrer-policy",
                                                        "permissions-policy",
                                                        "cross-origin-opener-policy",
                                                        "cross-origin-embedder-policy",
                                                        "cross-origin-resource-policy"};
const std::vector<std::string_view> kIdentityHeaders = {"host",
                                                        "x-real-ip",
                                                        "x-forwarded-for",
                                                        "x-forwarded-proto",
                                                        "x-forwarded-host",
                                                        "x-forwarded-port",
                                                        "forwarded",
                                                        "x-ssl-client-verify",
                                                        "x-forwarded-scheme"};

// The block answers by itself: no page that a browser shows, so its policies do not matter.
bool answers_shortly(const Tree& tree, NodeId block) {
  for (const NodeId id : tree.children(block, "return")) {
    const std::string_view code = tree.at(id).arg(0);
    if (code.size() == 3 && code[0] != '2') return true;
    if (code == "204") return true;
  }
  return false;
}

std::vector<Hit> add_header_redefinition(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const NodeId id : first_in_blocks(tree, "add_header")) {
    NodeId outer = kNone;
    const auto lost = dropped(tree, id, "add_header", outer);
    if (lost.empty() || answers_shortly(tree, tree.parent(id))) continue;
    // 1.29.3 and later can add to what is inherited.
    const NodeId inherit = tree.effective(tree.parent(id), "add_header_inherit");
    if (inherit != kNone && tree.at(inherit).arg(0) == "merge") continue;
    Hit hit{.node = id, .values = {{"lost", base::join(lost, ", ")}}, .related = {outer}};
    if (!any_of_names(lost, kSecurityHeaders)) hit.severity = model::Severity::kInfo;
    hits.push_back(std::move(hit));
  }
  return hits;
}

std::vector<Hit> proxy_set_header_redefinition(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const auto& [name, pass] :
       {std::pair{"proxy_set_header", "proxy_pass"}, std::pair{"grpc_set_header", "grpc_pass"}})
    for (const NodeId id : first_in_blocks(tree, name)) {
      NodeId outer = kNone;
      const auto lost = dropped(tree, id, name, outer);
      if (lost.empty() || tree.inside(tree.parent(id), pass).empty()) continue;
      Hit hit{.node = id, .values = {{"lost", base::join(lost, ", ")}}, .related = {outer}};
      if (!any_of_names(lost, kIdentityHeaders)) hit.severity = model::Severity::kInfo;
      hits.push_back(std::move(hit));
    }
  return hits;
}

// The other directives that are inherited only as a whole.
std::vector<Hit> list_redefinition(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const std::string_view name : {"fastcgi_param", "uwsgi_param", "scgi_param"})
    for (const NodeId id : first_in_blocks(tree, name)) {
      NodeId outer = kNone;
      const auto lost = dropped(tree, id, name, outer);
      const std::string pass = std::string(name.substr(0, name.find('_'))) + "_pass";
      if (lost.empty() || tree.inside(tree.parent(id), pass).empty()) continue;
      hits.push_back(
          {.node = id, .values = {{"lost", base::join(lost, ", ")}}, .related = {outer}});
    }
  for (const std::string_view name : {"limit_req", "limit_conn", "error_page", "proxy_hide_header"})
    for (const NodeId id : first_in_blocks(tree, name)) {
      const NodeId block = tree.parent(id);
      // An error_page of one's own for the same codes replaces what it should.
      if (block == kTop || tree.at(block).name == "http") continue;
      NodeId outer = kNone;
      auto lost = dropped(tree, id, name, outer);
      if (name == std::string_view("error_page")) {
        std::set<std::string> kept, all;
        const auto codes = [&](std::span<const NodeId> ids, std::set<std::string>& into) {
          for (const NodeId one : ids)
            for (const parse::ConfigArg& arg : tree.at(one).args)
              if (base::parse_int(arg.value)) into.insert(arg.value);
        };
        codes(tree.children(block, name), kept);
        codes(tree.effective_all(tree.parent(block), name), all);
        lost.clear();
        for (const std::string& code : all)
          if (kept.count(code) == 0) lost.push_back(code);
        const auto outers = tree.effective_all(tree.parent(block), name);
        if (!outers.empty()) outer = outers.front();
      }
      // What stands in http is a default for servers that say nothing.
      if (lost.empty() || tree.parent(outer) == kTop || tree.at(tree.parent(outer)).name == "http")
        continue;
      hits.push_back({.node = id,
                      .values = {{"lost", base::join(lost, ", ")}},
                      .related = {outer},
                      .severity = model::Severity::kInfo});
    }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.node < b.node; });
  return hits;
}

// A redirect that nginx writes into Location as it is.
bool is_redirect_target(const parse::Directive& directive, std::string_view& value) {
  if (directive.name == "return") {
    const std::string_view first = directive.arg(0);
    if (directive.args.size() == 1) {
      value = first;
      return !base::parse_int(first);
    }
    value = directive.arg(1);
    return first == "301" || first == "302" || first == "303" || first == "307" || first == "308";
  }
  value = directive.arg(1);
  const std::string_view flag = directive.arg(2);
  return flag == "redirect" || flag == "permanent" || value.starts_with("http://") ||
         value.starts_with("https://") || value.starts_with("$scheme");
}

// A line feed in a variable begins a new header, in the answer or in the request to the upstream.
std::vector<Hit> http_splitting(const Context& context) {
  const Tree& tree = context.tree;
  const Taint taint(tree);
  std::vector<Hit> hits;
  const auto look = [&](NodeId id, std::string_view value, bool captures) {
    for (const VariableUse& use : variables_in(value)) {
      if (use.capture() && !captures) continue;
      if (!taint.may_hold(use, '\n', id)) continue;
      hits.push_back({.node = id, .values = {{"variable", use.name}}});
      return;
    }
  };
  for (const std::string_view name : {"return", "rewrite"})
    for (const NodeId id : tree.all(name)) {
      std::string_view value;
      // nginx escapes the captures of a rewrite itself (ngx_http_script_copy_capture_code).
      if (is_redirect_target(tree.at(id), value)) look(id, value, name == "return");
    }
  for (const std::string_view name : {"add_header", "add_trailer", "proxy_set_header"})
    for (const NodeId id : tree.all(name)) look(id, tree.at(id).arg(1), true);
  for (const NodeId id : tree.all("proxy_pass")) look(id, tree.at(id).arg(0), true);
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.node < b.node; });
  return hits;
}

// What is wrong with an expression that is to match trusted origins; empty when nothing is.
std::string loose_end(const std::string& expression) {
  // A template's place is no expression yet.
  if (base::contains(expression, "${")) return {};
  const auto shape = RegexShape::parse(expression, true);
  if (!shape) return {};
  const CharSet first = shape->first_chars(), last = shape->last_chars();
  const auto only = [](CharSet set, std::string_view allowed) {
    if (set.none()) return false;
    for (const char c : allowed) set.reset(static_cast<unsigned char>(c));
    return set.none();
  };
  if (!shape->ends_anchored() && !only(last, "/?:") && !base::contains(expression, "$)"))
    return "its end is open: https://www.example.org.attacker.example matches as well";
  if (!shape->starts_anchored() && !only(first, "./:") && !base::contains(expression, "(^|"))
    return "its beginning is open: https://attacker-example.org matches as well";
  // "www.example.org" with a dot that matches anything.
  for (size_t i = 1; i + 1 < expression.size(); ++i) {
    const auto letter = [&](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (expression[i] == '.' && letter(expression[i - 1]) && letter(expression[i + 1]) &&
        (i < 2 || expression[i - 2] != '\\'))
      return "a dot matches any character: write \\. for a dot";
  }
  return {};
}

bool sets_cors(const Tree& tree, NodeId block) {
  for (const NodeId id : tree.inside(block, "add_header"))
    if (base::lower(tree.at(id).arg(0)).starts_with("access-control-allow-")) return true;
  for (const NodeId id : tree.inside(block, "set"))
    if (base::contains(base::lower(tree.at(id).arg(0)), "cors")) return true;
  return false;
}

std::vector<Hit> origins(const Context& context) {
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  const auto look = [&](NodeId id, const std::string& expression) {
    const std::string why = loose_end(expression);
    if (!why.empty())
      hits.push_back({.node = id, .values = {{"why", why}, {"expression", expression}}});
  };
  for (const NodeId id : tree.all("if")) {
    const IfCondition condition = if_condition(tree.at(id));
    if (!condition.regex()) continue;
    const bool negated = condition.op.starts_with("!");
    if (condition.variable == "http_origin" && (negated || sets_cors(tree, id)))
      look(id, condition.value);
    // "if the referer is none of ours, refuse"; without the ! it is a list of the unwanted.
    if (condition.variable == "http_referer" && negated) look(id, condition.value);
  }
  for (const NodeId id : tree.all("map")) {
    if (base::lower(tree.at(id).arg(0)) != "$http_origin") continue;
    for (const parse::Directive& line : tree.at(id).children) {
      const std::string_view value = line.arg(0);
      if (!line.name.starts_with("~") || value.empty() || value == "0" || value == "''") continue;
      const std::string why = loose_end(line.name.substr(line.name.starts_with("~*") ? 2 : 1));
      if (!why.empty())
        hits.push_back({.node = id, .values = {{"why", why}, {"expression", line.name}}});
    }
  }
  return hits;
}

}  // namespace

std::span<const NamedDetector> header_detectors() {
  static constexpr NamedDetector kDetectors[] = {
      {"add-header-redefinition", add_header_redefinition},
      {"http-splitting", http_splitting},
      {"list-redefinition", list_redefinition},
      {"origins", origins},
      {"proxy-set-header-redefinition", proxy_set_header_redefinition},
  };
  return kDetectors;
}

}  // namespace ngxdiag::audit

#include "libdiag/audit/words.h"

#include <optional>

#include "libdiag/base/text.h"

namespace ngxdiag::audit {
namespace {

constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz0123456789_.-";

bool is_name(std::string_view text) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of(kNameLetters) == std::string_view::npos;
}

std::string number_text(double value) {
  const auto whole = static_cast<int64_t>(value);
  if (static_cast<double>(whole) == value) return std::to_string(whole);
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::optional<std::string> of_directive(std::string_view name, const Tree& tree, NodeId id) {
  const parse::Directive& directive = tree.at(id);
  if (name == "name") return directive.name;
  if (name == "args") return joined_args(directive);
  if (name == "directive") return text_of(directive);
  if (name == "block") return tree.blocks_of(id);
  if (name == "server") return tree.server_name(id);
  if (name == "file") return directive.file;
  if (name == "line") return std::to_string(directive.line);
  if (name == "parent") {
    const NodeId parent = tree.parent(id);
    if (parent == kTop) return "main";
    const std::string args = joined_args(tree.at(parent));
    return tree.at(parent).name + (args.empty() ? "" : " " + args);
  }
  if (name.starts_with("arg.")) {
    const auto index = base::parse_int(name.substr(4));
    if (!index || *index < 0 || static_cast<size_t>(*index) >= directive.args.size())
      return std::nullopt;
    return directive.args[static_cast<size_t>(*index)].value;
  }
  if (name.starts_with("effective.")) {
    const NodeId found = tree.effective(directive.block ? id : tree.parent(id), name.substr(10));
    if (found == kNone) return std::nullopt;
    return joined_args(tree.at(found));
  }
  return std::nullopt;
}

std::optional<std::string> value_of(std::string_view name, const Context& context, const Hit& hit) {
  const auto own = hit.values.find(std::string(name));
  if (own != hit.values.end()) return own->second;
  if (name.starts_with("param.")) {
    const auto param = context.check.params.find(name.substr(6));
    if (param != context.check.params.end()) return number_text(param->second.value);
  }
  if (hit.node == kTop) return std::nullopt;
  return of_directive(name, context.tree, hit.node);
}

}  // namespace

std::string fill(std::string_view text, const Context& context, const Hit& hit,
                 std::vector<std::string>* unknown) {
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    const size_t close = text.find('}');
    std::string_view name = text.substr(1, close == std::string_view::npos ? 0 : close - 1);
    std::string_view otherwise;
    const size_t bar = name.find('|');
    if (bar != std::string_view::npos) {
      otherwise = name.substr(bar + 1);
      name = name.substr(0, bar);
    }
    if (!is_name(name)) {
      out += '{';
      text.remove_prefix(1);
      continue;
    }
    const auto value = value_of(name, context, hit);
    if (value && (!value->empty() || bar == std::string_view::npos))
      out += *value;
    else if (bar != std::string_view::npos)
      out += otherwise;
    else
      out += text.substr(0, close + 1);
    if (!value && bar == std::string_view::npos && unknown) unknown->emplace_back(name);
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace ngxdiag::audit

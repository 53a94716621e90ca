#include "libdiag/audit/tree.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::audit {
namespace {

constexpr size_t kShownBytes = 160;

}  // namespace

Tree::Tree(const parse::Config& config) : config_(&config) {
  add(config.directives, kTop);
  for (NodeId id = 0; id < size(); ++id) names_[at(id).name].order.push_back(id);
  for (auto& [name, named] : names_) {
    named.by_parent = named.order;
    std::stable_sort(named.by_parent.begin(), named.by_parent.end(),
                     [&](NodeId a, NodeId b) { return parent(a) < parent(b); });
  }
}

// The parser bounds the depth, so recursion is safe.
void Tree::add(const std::vector<parse::Directive>& level, NodeId parent) {
  for (const parse::Directive& directive : level) {
    const NodeId id = size();
    nodes_.push_back({&directive, parent, 0});
    if (!parse::is_data_block(directive)) add(directive.children, id);
    nodes_[static_cast<size_t>(id)].end = size();
  }
}

std::span<const NodeId> Tree::all(std::string_view name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return {};
  return found->second.order;
}

std::span<const NodeId> Tree::inside(NodeId block, std::string_view name) const {
  const auto ids = all(name);
  const auto first = std::upper_bound(ids.begin(), ids.end(), block);
  const auto last = std::lower_bound(first, ids.end(), end(block));
  return ids.subspan(static_cast<size_t>(first - ids.begin()), static_cast<size_t>(last - first));
}

std::span<const NodeId> Tree::children_in(const Named& named, NodeId block) const {
  const auto& ids = named.by_parent;
  const auto first = std::lower_bound(
      ids.begin(), ids.end(), block, [&](NodeId id, NodeId wanted) { return parent(id) < wanted; });
  auto last = first;
  while (last != ids.end() && parent(*last) == block) ++last;
  return std::span(ids).subspan(static_cast<size_t>(first - ids.begin()),
                                static_cast<size_t>(last - first));
}

std::span<const NodeId> Tree::children(NodeId block, std::string_view name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return {};
  return children_in(found->second, block);
}

std::vector<NodeId> Tree::children(NodeId block) const {
  std::vector<NodeId> out;
  for (NodeId id = block + 1; id < end(block); id = end(id)) out.push_back(id);
  return out;
}

std::span<const NodeId> Tree::effective_all(NodeId block, std::string_view name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return {};
  for (NodeId level = block;; level = parent(level)) {
    const auto here = children_in(found->second, level);
    if (!here.empty() || level == kTop) return here;
  }
}

NodeId Tree::effective(NodeId block, std::string_view name) const {
  const auto found = effective_all(block, name);
  return found.empty() ? kNone : found.back();
}

NodeId Tree::enclosing(NodeId id, std::string_view name) const {
  for (; id != kTop; id = parent(id))
    if (at(id).block && at(id).name == name) return id;
  return kNone;
}

std::string_view Tree::protocol(NodeId id) const {
  if (id == kTop) return {};
  while (parent(id) != kTop) id = parent(id);
  const parse::Directive& outermost = at(id);
  if (!outermost.block) return {};
  for (const std::string_view known : {"http", "stream", "mail", "rtmp"})
    if (outermost.name == known) return known;
  return {};
}

bool Tree::whole(NodeId id) const {
  return config_->complete && (id == kTop || parent(id) == kTop || !protocol(id).empty());
}

std::string Tree::server_name(NodeId id) const {
  const NodeId server = enclosing(id, "server");
  if (server == kNone) return {};
  for (const NodeId name : children(server, "server_name"))
    if (!at(name).args.empty()) return at(name).args.front().value;
  return {};
}

std::string Tree::blocks_of(NodeId id) const {
  std::vector<std::string> blocks;
  for (NodeId block = id == kTop ? kTop : parent(id); block != kTop; block = parent(block)) {
    const parse::Directive& directive = at(block);
    std::string text = directive.name;
    if (directive.name == "server") {
      const std::string name = server_name(block);
      if (!name.empty()) text += "(" + name + ")";
    } else if (!directive.args.empty()) {
      text += " " + joined_args(directive);
    }
    blocks.push_back(base::shorten(text, kShownBytes));
  }
  std::reverse(blocks.begin(), blocks.end());
  return base::join(blocks, " > ");
}

std::string joined_args(const parse::Directive& directive) {
  std::string out;
  for (const parse::ConfigArg& arg : directive.args) {
    if (!out.empty()) out += ' ';
    out += arg.value;
  }
  return out;
}

std::string text_of(const parse::Directive& directive) {
  std::string out = directive.name;
  for (const parse::ConfigArg& arg : directive.args) {
    const char quote = arg.value.find('"') == std::string::npos ? '"' : '\'';
    out += arg.quoted ? std::string(" ") + quote + arg.value + quote : " " + arg.value;
  }
  std::replace(out.begin(), out.end(), '\n', ' ');
  return base::shorten(out + (directive.block ? " {" : ";"), kShownBytes);
}

}  // namespace ngxdiag::audit

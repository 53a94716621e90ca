// A parsed configuration with an index: what stands where, and what is in force there, each answer
// in logarithmic time, so that checks of 5,000 servers stay linear.
//   tree.effective(location, "root")  ->  the `root` that the location really has
// Lines of data blocks (map, types, geo …) are no directives here; look at their `children`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libdiag/parse/nginx_config.h"

namespace ngxdiag::audit {

// Directives are numbered in the order nginx reads them.
using NodeId = int;
inline constexpr NodeId kTop = -1;   // the top level as a block
inline constexpr NodeId kNone = -2;  // nothing found

class Tree {
 public:
  // Points into `config`, which must outlive it.
  explicit Tree(const parse::Config& config);

  const parse::Config& config() const { return *config_; }
  const parse::Directive& at(NodeId id) const { return *nodes_[static_cast<size_t>(id)].directive; }
  NodeId size() const { return static_cast<NodeId>(nodes_.size()); }
  // kTop for a directive at the top level. REQUIRES: id is a directive.
  NodeId parent(NodeId id) const { return nodes_[static_cast<size_t>(id)].parent; }
  // One behind the last directive inside `id`.
  NodeId end(NodeId id) const { return id == kTop ? size() : nodes_[static_cast<size_t>(id)].end; }

  // All directives of that name, in reading order.
  std::span<const NodeId> all(std::string_view name) const;
  // Those of all() that stand inside `block`, at any depth.
  std::span<const NodeId> inside(NodeId block, std::string_view name) const;
  // Direct children of a block.
  std::span<const NodeId> children(NodeId block, std::string_view name) const;
  // All direct children, of whatever name.
  std::vector<NodeId> children(NodeId block) const;

  // The last one of the nearest level that has any, from `block` outwards; kNone when only nginx's
  // default applies.
  NodeId effective(NodeId block, std::string_view name) const;
  // For directives that are inherited only as a whole (add_header, allow, proxy_set_header …).
  std::span<const NodeId> effective_all(NodeId block, std::string_view name) const;

  // The nearest block of that name around `id`, or `id` itself when it is one; kNone without.
  NodeId enclosing(NodeId id, std::string_view name) const;
  // "http", "stream", "mail": the outermost block; empty for a fragment and for the main context.
  std::string_view protocol(NodeId id) const;
  // True when everything that could be inherited here was read: what is not found is not there.
  bool whole(NodeId id) const;

  // "http > server(example.org) > location /x": the blocks around `id`.
  std::string blocks_of(NodeId id) const;
  // The first server_name around `id`, or "".
  std::string server_name(NodeId id) const;

 private:
  struct Node {
    const parse::Directive* directive;
    NodeId parent, end;
  };
  struct Named {
    std::vector<NodeId> order;      // reading order
    std::vector<NodeId> by_parent;  // sorted by parent, then reading order
  };
  void add(const std::vector<parse::Directive>& level, NodeId parent);
  std::span<const NodeId> children_in(const Named& named, NodeId block) const;

  const parse::Config* config_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string_view, Named> names_;
};

// The directive as one line: "alias /srv/files/;", "location /files {".
std::string text_of(const parse::Directive& directive);
// Its arguments with a blank between them.
std::string joined_args(const parse::Directive& directive);

}  // namespace ngxdiag::audit

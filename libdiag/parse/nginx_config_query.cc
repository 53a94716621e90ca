#include "libdiag/parse/nginx_config_query.h"

#include <algorithm>

namespace ngxdiag::parse {
namespace {

// Depth is bounded by the parser, so recursion is safe.
void walk_level(const std::vector<Directive>& level, BlockPath& path,
                const std::function<void(const Directive&, const BlockPath&)>& visit) {
  for (const Directive& directive : level) {
    visit(directive, path);
    if (directive.children.empty() || is_data_block(directive)) continue;
    path.push_back(&directive);
    walk_level(directive.children, path, visit);
    path.pop_back();
  }
}

void collect(const std::vector<Directive>& level, std::string_view name,
             std::vector<const Directive*>& found) {
  for (const Directive& directive : level)
    if (directive.name == name) found.push_back(&directive);
}

}  // namespace

const Directive* Placed::enclosing(std::string_view name) const {
  for (auto it = path.rbegin(); it != path.rend(); ++it)
    if ((*it)->name == name) return *it;
  return nullptr;
}

std::string_view Placed::protocol() const {
  if (path.empty()) return {};
  const std::string& outermost = path.front()->name;
  for (std::string_view known : {"http", "stream", "mail", "rtmp"})
    if (outermost == known) return known;
  return {};
}

void walk(const Config& config,
          const std::function<void(const Directive&, const BlockPath&)>& visit) {
  BlockPath path;
  walk_level(config.directives, path, visit);
}

std::vector<Placed> find_any(const Config& config, const std::vector<std::string_view>& names) {
  std::vector<Placed> found;
  walk(config, [&](const Directive& directive, const BlockPath& path) {
    if (std::find(names.begin(), names.end(), directive.name) != names.end())
      found.push_back({&directive, path});
  });
  return found;
}

std::vector<Placed> find_all(const Config& config, std::string_view name) {
  return find_any(config, {name});
}

const Directive* find_first(const Config& config, std::string_view name) {
  const Directive* found = nullptr;
  walk(config, [&](const Directive& directive, const BlockPath&) {
    if (!found && directive.name == name) found = &directive;
  });
  return found;
}

std::vector<const Directive*> children_of(const Directive& block, std::string_view name) {
  std::vector<const Directive*> found;
  if (!is_data_block(block)) collect(block.children, name, found);
  return found;
}

std::vector<const Directive*> effective_all(const Config& config, const BlockPath& path,
                                            std::string_view name) {
  std::vector<const Directive*> found;
  for (auto it = path.rbegin(); it != path.rend() && found.empty(); ++it)
    collect((*it)->children, name, found);
  if (found.empty()) collect(config.directives, name, found);
  return found;
}

const Directive* effective(const Config& config, const BlockPath& path, std::string_view name) {
  const auto found = effective_all(config, path, name);
  return found.empty() ? nullptr : found.back();
}

std::string describe(const BlockPath& path) {
  std::string text;
  for (const Directive* block : path) {
    if (!text.empty()) text += " > ";
    text += block->name;
    if (block->name == "server") {
      const auto names = children_of(*block, "server_name");
      if (!names.empty() && !names.front()->args.empty())
        text += "(" + names.front()->args.front().value + ")";
      continue;
    }
    for (const ConfigArg& arg : block->args) text += " " + arg.value;
  }
  return text;
}

}  // namespace ngxdiag::parse

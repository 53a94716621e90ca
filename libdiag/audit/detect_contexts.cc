// Directives where nginx does not allow them, and those it does not know any more: by tables,
// rules/data/directive_contexts.tsv and directives_removed.tsv.
#include <algorithm>

#include "libdiag/audit/detect_themes.h"
#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/base/version.h"

namespace ngxdiag::audit {
namespace {

struct Row {
  std::string name, rest;
};

std::vector<Row> rows_of(std::string_view table) {
  std::vector<Row> out;
  while (!table.empty()) {
    const std::string_view line = base::take_line(table);
    const size_t tab = line.find('\t');
    if (line.empty() || line[0] == '#' || tab == std::string_view::npos) continue;
    out.push_back({std::string(line.substr(0, tab)), std::string(line.substr(tab + 1))});
  }
  return out;
}

// What a block is to the directives in it, in the words of the table; none when it is not nginx's
// own or cannot be told.
std::vector<std::string> contexts_of(const Tree& tree, NodeId block, std::string_view file) {
  if (block == kTop) {
    const auto& files = tree.config().files;
    const bool main = tree.config().complete && !files.empty() && files.front() == file;
    return main ? std::vector<std::string>{"main"} : std::vector<std::string>{};
  }
  const parse::Directive& directive = tree.at(block);
  if (!directive.block) return {};
  const std::string& name = directive.name;
  const std::string_view protocol = tree.protocol(block);
  if (protocol == "rtmp") return {};
  const bool in_http = protocol == "http", in_stream = protocol == "stream",
             in_mail = protocol == "mail";
  if (name == "http" || name == "stream" || name == "mail" || name == "events")
    return tree.parent(block) == kTop ? std::vector<std::string>{name} : std::vector<std::string>{};
  if (name == "location" || name == "limit_except") return {name};
  if (name == "server") {
    if (in_http) return {"server"};
    if (in_stream) return {"stream server"};
    if (in_mail) return {"mail server"};
    return {"server", "stream server", "mail server"};
  }
  if (name == "upstream") {
    if (in_http) return {"upstream"};
    if (in_stream) return {"stream upstream"};
    return {"upstream", "stream upstream"};
  }
  if (name == "if") {
    const NodeId parent = tree.parent(block);
    if (parent == kTop) return {};
    if (tree.at(parent).name == "server") return {"if in server"};
    if (tree.at(parent).name == "location") return {"if in location"};
  }
  return {};
}

std::vector<Hit> wrong_context(const Context& context) {
  static const std::vector<Row> kRows = rows_of(base::builtin_data("directive_contexts.tsv"));
  const Tree& tree = context.tree;
  std::vector<Hit> hits;
  for (const Row& row : kRows) {
    const auto ids = tree.all(row.name);
    if (ids.empty()) continue;
    const auto allowed = base::split(row.rest, '|');
    for (const NodeId id : ids) {
      // A quoted or empty name is data of somebody's block.
      if (tree.at(id).name_quoted) continue;
      const auto here = contexts_of(tree, tree.parent(id), tree.at(id).file);
      if (here.empty()) continue;
      const bool fits = std::any_of(here.begin(), here.end(), [&](const std::string& one) {
        return std::find(allowed.begin(), allowed.end(), one) != allowed.end();
      });
      if (!fits)
        hits.push_back({.node = id,
                        .values = {{"here", here.front()},
                                   {"allowed", base::replace_all(row.rest, "|", ", ")}}});
    }
  }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.node < b.node; });
  return hits;
}

std::vector<Hit> removed(const Context& context) {
  static const std::vector<Row> kRows = rows_of(base::builtin_data("directives_removed.tsv"));
  if (context.host.nginx_version.empty()) return {};
  std::vector<Hit> hits;
  for (const Row& row : kRows) {
    if (base::compare_versions(context.host.nginx_version, row.rest) <= 0) continue;
    for (const NodeId id : context.tree.all(row.name)) {
      // Other modules have directives of these names in blocks of their own.
      if (contexts_of(context.tree, context.tree.parent(id), context.tree.at(id).file).empty())
        continue;
      hits.push_back({.node = id, .values = {{"last", row.rest}}});
    }
  }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.node < b.node; });
  return hits;
}

}  // namespace

std::span<const NamedDetector> context_detectors() {
  static constexpr NamedDetector kDetectors[] = {{"removed-directive", removed},
                                                 {"wrong-context", wrong_context}};
  return kDetectors;
}

}  // namespace ngxdiag::audit

// The configuration parser and its queries on any bytes: no crash, no hang, every bound kept.
#include <cstdlib>
#include <string>

#include "libdiag/parse/glob.h"
#include "libdiag/parse/nginx_config.h"
#include "libdiag/parse/nginx_config_listen.h"
#include "libdiag/parse/nginx_config_query.h"
#include "libdiag/parse/nginx_config_zones.h"

namespace parse = ngxdiag::parse;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const parse::Config& config) {
  const parse::ConfigLimits limits;
  require(config.problems.size() <= limits.problems);
  parse::walk(config, [&](const parse::Directive& directive, const parse::BlockPath& path) {
    require(path.size() <= static_cast<size_t>(limits.block_depth));
    require(directive.line >= 1 && directive.column >= 1);
    require(directive.end_line >= directive.line);
    require(directive.block || directive.children.empty());
    parse::describe(path);
  });
  parse::shared_zones(config);
  parse::listens(config);
  parse::find_first(config, "listen");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(parse::parse_config_fragment(text, "fuzz"));
  check(parse::parse_config_dump(text));
  // The text in two files, so that includes and their cycles are met.
  const std::string first(text.substr(0, size / 2)), second(text.substr(size / 2));
  parse::ConfigReader reader;
  reader.read = [&](const std::string& path) -> std::optional<std::string> {
    if (path == "/a") return first;
    if (path == "/b") return second;
    return std::nullopt;
  };
  reader.glob = [&](const std::string& pattern) {
    std::vector<std::string> names;
    for (const char* name : {"/a", "/b"})
      if (parse::glob_match(pattern, name)) names.emplace_back(name);
    return names;
  };
  parse::ConfigLimits limits;
  limits.source_bytes = size_t{1} << 18;
  check(parse::load_config(reader, "/", "a", limits));
  return 0;
}

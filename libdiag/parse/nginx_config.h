// An nginx configuration as a tree with file, line and column on everything. Never stricter than
// nginx (ngx_conf_read_token, ngx_conf_parse, ngx_conf_include in src/core/ngx_conf_file.c): what
// nginx would refuse is kept as well as it can be and noted as a problem in nginx's own words.
// Example:
//   http { server { listen 443 ssl; location ~ ^/a{2}$ { proxy_pass http://app; } } }
// An empty `directives` means that the text held none.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

struct ConfigArg {
  std::string value;    // escapes \" \' \\ \t \r \n resolved, as nginx does in any word
  bool quoted = false;  // written in '...' or "..."
  int line = 0, column = 0;

  bool operator==(std::string_view text) const { return value == text; }
};

struct Directive {
  std::string name;  // may be empty: `"" close;` in a map, or a `{` without a name
  std::vector<ConfigArg> args;
  std::string file;
  int line = 0, column = 0;
  int end_line = 0;  // of the `;` or the closing `}`
  bool block = false;
  bool name_quoted = false;
  std::vector<Directive> children;
  std::string raw_body;  // of *_by_lua_block: the Lua code between the braces

  // The value of argument `index` (0 is the first after the name), or an empty text.
  std::string_view arg(size_t index = 0) const;
};

struct ConfigProblem {
  std::string file;
  int line = 0, column = 0;
  std::string says;  // "unexpected end of file, expecting \"}\""
  std::string hint;  // what nginx does not say: "server { of line 12 is not closed"; often empty
};

// A comment that speaks to this program: `# ngxdiag: ignore ID because …`.
struct ConfigComment {
  std::string file;
  int line = 0, column = 0;
  std::string text;  // without the '#', trimmed
};

struct Config {
  // What an include names follows the `include` directive itself, in the same block, each directive
  // with its own `file`.
  std::vector<Directive> directives;
  std::vector<std::string> files;  // in the order first read
  std::vector<ConfigProblem> problems;
  std::vector<ConfigComment> comments;
  bool complete = false;  // has events{}, http{} or stream{} at top level: not a mere fragment
};

// A text of unknown context: a whole nginx.conf, one server block, a handful of lines. Includes
// stay unresolved. A line or a word of only `...` or `…` where a directive should begin is skipped:
// somebody cut there.
Config parse_config_fragment(std::string_view text, std::string_view file = {});

// True when `text` has a marker of `nginx -T`: "# configuration file /etc/nginx/nginx.conf:".
bool is_config_dump(std::string_view text);

// The output of `nginx -T`: the first file is the main one, includes are resolved from the others.
// Files that nothing includes (their include was cut away) are appended at the top level.
Config parse_config_dump(std::string_view text);

// As a dump when it is one, else as a fragment.
Config parse_config(std::string_view text, std::string_view file = {});

// Where load_config() gets its bytes: the host, a bundle, a set of loose files.
struct ConfigReader {
  // The whole file, or empty when it cannot be read.
  std::function<std::optional<std::string>(const std::string& path)> read;
  // glob(3): the sorted names that match a pattern with * ? or [.
  std::function<std::vector<std::string>(const std::string& pattern)> glob;
};

// Bounds that keep hostile input harmless; each one reached is noted as a problem.
struct ConfigLimits {
  int block_depth = 128;
  int include_depth = 32;
  size_t source_bytes = size_t{64} << 20;   // of all texts together
  size_t memory_bytes = size_t{512} << 20;  // of the resulting tree, estimated
  size_t problems = 200;
};

// Reads `conf_path` (relative names: under `prefix`, nginx -p) and everything it includes. Relative
// includes are under the directory of the main file, wherever they stand (ngx_conf_full_name with
// conf_prefix). A missing include without wildcard is a problem, as for nginx.
Config load_config(const ConfigReader& reader, std::string_view prefix, std::string_view conf_path,
                   const ConfigLimits& limits = {});

// True for blocks whose lines are data, not directives: types, map, geo, split_clients,
// charset_map.
bool is_data_block(const Directive& directive);

// Of a path: "/etc/nginx/" for "/etc/nginx/nginx.conf", empty without a slash.
std::string_view config_directory(std::string_view path);

}  // namespace ngxdiag::parse

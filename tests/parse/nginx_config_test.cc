#include "libdiag/parse/nginx_config.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "libdiag/parse/glob.h"

using namespace ngxdiag::parse;

namespace {

// "name arg { child; }" with "@file" where asked.
std::string shown(const std::vector<Directive>& level, bool files = false) {
  std::string out;
  for (const Directive& directive : level) {
    out += directive.name;
    for (const ConfigArg& arg : directive.args) out += " " + arg.value;
    if (files) out += "@" + directive.file;
    if (!directive.block)
      out += "; ";
    else if (!directive.raw_body.empty())
      out += "{lua}";
    else
      out += "{" + shown(directive.children, files) + "} ";
  }
  return out;
}

std::string problems(const Config& config) {
  std::string out;
  for (const ConfigProblem& problem : config.problems)
    out += problem.file + ":" + std::to_string(problem.line) + " " + problem.says + "\n";
  return out;
}

ConfigReader reader_of(const std::map<std::string, std::string>& files) {
  ConfigReader reader;
  reader.read = [&files](const std::string& path) -> std::optional<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second;
  };
  reader.glob = [&files](const std::string& pattern) {
    std::vector<std::string> names;
    for (const auto& [name, text] : files)
      if (glob_match(pattern, name)) names.push_back(name);
    return names;
  };
  return reader;
}

}  // namespace

TEST_CASE("a whole configuration") {
  const Config config = parse_config_fragment(
      "user www-data;\nevents { worker_connections 768; }\n"
      "http {\n  map $a $b { default 0; \"~^x{2}\" 1; listen x; }\n"
      "  server { listen 80; location ~ ^/a { if ($a = 'b') { return 403; } } }\n}\n",
      "nginx.conf");
  CHECK(config.problems.empty());
  CHECK(config.complete);
  CHECK(shown(config.directives) ==
        "user www-data; events{worker_connections 768; } http{map $a $b{default 0; ~^x{2} 1; "
        "listen x; } server{listen 80; location ~ ^/a{if ($a = b ){return 403; } } } } ");
  CHECK(config.files == std::vector<std::string>{"nginx.conf"});
  const Directive& http = config.directives[2];
  CHECK(http.file == "nginx.conf");
  CHECK(http.line == 3);
  CHECK(http.end_line == 6);
  CHECK(http.children[1].children[0].line == 5);
  CHECK(http.children[1].children[0].column == 12);
}

TEST_CASE("fragments keep all that is there") {
  CHECK(shown(parse_config_fragment("worker_connections 1024").directives) ==
        "worker_connections 1024; ");
  const Config cut = parse_config_fragment("http {\n server {\n  listen 80;\n", "n");
  CHECK(shown(cut.directives) == "http{server{listen 80; } } ");
  CHECK(problems(cut) == "n:4 unexpected end of file, expecting \"}\"\n");
  CHECK(cut.problems[0].hint == "server { of line 2 is not closed");
  const Config tail = parse_config_fragment("  listen 80;\n}\nroot /a;\n", "n");
  CHECK(shown(tail.directives) == "listen 80; root /a; ");
  CHECK(problems(tail) == "n:2 unexpected \"}\"\n");
  CHECK_FALSE(tail.complete);
  CHECK(parse_config_fragment("").directives.empty());
  CHECK(parse_config_fragment("include /etc/nginx/x;").problems.empty());
}

TEST_CASE("Lua blocks are kept raw") {
  const Config config = parse_config_fragment(
      "location / {\n content_by_lua_block {\n  ngx.say(\"}\") -- }\n }\n root /x;\n}\n"
      "init_worker_by_lua_block { ... }\nset_by_lua_block $a { return 1 }");
  CHECK(config.problems.empty());
  CHECK(shown(config.directives) ==
        "location /{content_by_lua_block{lua}root /x; } init_worker_by_lua_block{lua}"
        "set_by_lua_block $a{lua}");
  const Directive& lua = config.directives[0].children[0];
  CHECK(lua.raw_body == "\n  ngx.say(\"}\") -- }\n ");
  CHECK(lua.end_line == 4);
  CHECK(config.directives[0].children[1].line == 5);
}

TEST_CASE("missing terminators are named as nginx does") {
  CHECK(problems(parse_config_fragment("server {\n root /a\n location / { }\n}", "n")) ==
        "n:3 directive \"root\" is not terminated by \";\"\n");
  CHECK(problems(parse_config_fragment("http;", "n")) ==
        "n:1 directive \"http\" has no opening \"{\"\n");
  CHECK(problems(parse_config_fragment("map $a $b {\n x { y; }\n}", "n")) ==
        "n:2 unexpected \"{\"\n");
}

TEST_CASE("a dump resolves its includes in place") {
  const std::string dump =
      "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
      "# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp {\n  include mime.types;\n"
      "  include /etc/nginx/conf.d/*.conf;\n  include missing.conf;\n}\n\n"
      "# configuration file /etc/nginx/mime.types:\ntypes { text/html html; }\n\n"
      "# configuration file /etc/nginx/conf.d/a.conf:\nserver { listen 80; }\n\n"
      "# configuration file /etc/nginx/conf.d/b.conf:\nserver { listen 81; }\n\n"
      "# configuration file /opt/lost.conf:\nserver { listen 82; }\n";
  CHECK(is_config_dump(dump));
  const Config config = parse_config(dump);
  CHECK(shown(config.directives) ==
        "events{} http{include mime.types; types{text/html html; } include "
        "/etc/nginx/conf.d/*.conf; server{listen 80; } server{listen 81; } include missing.conf; "
        "} server{listen 82; } ");
  CHECK(problems(config) ==
        "/etc/nginx/nginx.conf:5 include \"/etc/nginx/missing.conf\" is not in this dump\n");
  CHECK(config.directives[1].children[1].file == "/etc/nginx/mime.types");
  CHECK(config.directives[1].children[1].line == 1);
  CHECK(config.files.size() == 5);
  CHECK(config.complete);
  CHECK_FALSE(is_config_dump("# configuration file\nuser a;\n"));
}

TEST_CASE("load_config follows includes as nginx does") {
  const std::map<std::string, std::string> files = {
      {"/etc/nginx/nginx.conf", "events{}\nhttp { include conf.d/*.conf; include none/*.conf; }"},
      {"/etc/nginx/conf.d/a.conf", "include snippets/x.conf; server { include snippets/x.conf; }"},
      {"/etc/nginx/snippets/x.conf", "\"include\" y.conf;"},
      {"/etc/nginx/y.conf", "gzip on;"}};
  const Config config = load_config(reader_of(files), "/usr/share/nginx", "/etc/nginx/nginx.conf");
  CHECK(problems(config).empty());
  CHECK(shown(config.directives) ==
        "events{} http{include conf.d/*.conf; include snippets/x.conf; include y.conf; gzip on; "
        "server{include snippets/x.conf; include y.conf; gzip on; } include none/*.conf; } ");
  CHECK(config.files ==
        std::vector<std::string>{"/etc/nginx/nginx.conf", "/etc/nginx/conf.d/a.conf",
                                 "/etc/nginx/snippets/x.conf", "/etc/nginx/y.conf"});
}

TEST_CASE("a relative configuration path is under the prefix") {
  const std::map<std::string, std::string> files = {{"/opt/n/conf/nginx.conf", "include a;"},
                                                    {"/opt/n/conf/a", "pid x;"}};
  const Config config = load_config(reader_of(files), "/opt/n", "conf/nginx.conf");
  CHECK(shown(config.directives, true) ==
        "include a@/opt/n/conf/nginx.conf; pid x@/opt/n/conf/a; ");
}

TEST_CASE("missing files, cycles and braces across files are problems") {
  const std::map<std::string, std::string> files = {
      {"/n.conf", "http {\n include a;\n include gone;\n include c;\n}\n"},
      {"/a", "server { include b; }"},
      {"/b", "include a;"},
      {"/c", "}\nserver {\n"}};
  const Config config = load_config(reader_of(files), "", "/n.conf");
  CHECK(problems(config) ==
        "/b:1 include cycle: \"/a\" includes itself\n"
        "/n.conf:3 open() \"/gone\" failed\n"
        "/c:1 unexpected \"}\"\n"
        "/c:3 unexpected end of file, expecting \"}\"\n");
  CHECK(shown(config.directives) ==
        "http{include a; server{include b; include a; } include gone; include c; server{} } ");
  CHECK(problems(load_config(reader_of(files), "/", "none")) ==
        "/none:0 open() \"/none\" failed\n");
}

TEST_CASE("hostile input is bounded") {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "a{";
  const Config nested = parse_config_fragment(deep, "n");
  CHECK(nested.problems.front().says.find("nested too deeply") != std::string::npos);
  CHECK(parse_config_fragment(std::string(100000, '{')).problems.size() == 200);
  CHECK(parse_config_fragment(std::string(100000, '}')).problems.size() == 200);
  CHECK(parse_config_fragment(std::string(100000, '"')).problems.size() == 200);

  std::map<std::string, std::string> files = {{"/n.conf", ""}};
  for (int i = 0; i < 20; ++i) {
    std::string text;
    for (int k = 0; k < 20; ++k) text += "include f" + std::to_string(i + 1) + ";";
    files["/f" + std::to_string(i)] = text;
  }
  files["/n.conf"] = "include f0;";
  files["/f20"] = "";
  ConfigLimits limits;
  limits.source_bytes = 1 << 20;
  const Config bomb = load_config(reader_of(files), "", "/n.conf", limits);
  REQUIRE(bomb.problems.size() == 1);
  CHECK(bomb.problems[0].says == "the configuration is too large, the rest is not read");
}

TEST_CASE("comments to this program are kept") {
  const Config config =
      parse_config_fragment("# other\nserver {\n  # ngxdiag: ignore X because y\n}");
  REQUIRE(config.comments.size() == 1);
  CHECK(config.comments[0].line == 3);
  CHECK(config.comments[0].text == "ngxdiag: ignore X because y");
}

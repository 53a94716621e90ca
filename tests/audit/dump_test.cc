#include "libdiag/audit/dump.h"

#include <doctest/doctest.h>

#include <map>

#include "libdiag/base/text.h"
#include "libdiag/json/dump.h"

namespace ngxdiag::audit {
namespace {

std::string dumped(const std::map<std::string, std::string>& files) {
  parse::ConfigReader reader;
  reader.read = [&](const std::string& path) -> std::optional<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second;
  };
  reader.glob = [&](const std::string&) {
    std::vector<std::string> names;
    for (const auto& [name, text] : files)
      if (name.starts_with("/c/d/")) names.push_back(name);
    return names;
  };
  // Without the blanks between members.
  return base::replace_all(
      base::replace_all(json::dump(dump_config(reader, "/c/nginx.conf"), -1), "\": ", "\":"), ", ",
      ",");
}

}  // namespace

TEST_CASE("directives, blocks and arguments in crossplane's shape") {
  CHECK(
      dumped({{"/c/nginx.conf", "user a;\nhttp { map $a $b { x 'y z'; } }\n"}}) ==
      R"({"status":"ok","errors":[],"config":[{"file":"/c/nginx.conf","status":"ok","errors":[],"parsed":[)"
      R"({"directive":"user","line":1,"args":["a"]},)"
      R"({"directive":"http","line":2,"args":[],"block":[{"directive":"map","line":2,"args":["$a","$b"],)"
      R"("block":[{"directive":"x","line":2,"args":["y z"]}]}]}]}]})");
}

TEST_CASE("an include names its files by number, each is there once, and a circle ends") {
  const std::string out = dumped({{"/c/nginx.conf", "include d/*;\ninclude /c/d/a;\n"},
                                  {"/c/d/a", "x;\n"},
                                  {"/c/d/b", "include /c/nginx.conf;\n"}});
  CHECK(out.find(R"("args":["d/*"],"includes":[1,2])") != std::string::npos);
  CHECK(out.find(R"("args":["/c/d/a"],"includes":[1])") != std::string::npos);
  CHECK(out.find(R"("args":["/c/nginx.conf"],"includes":[0])") != std::string::npos);
}

TEST_CASE("the condition of an if has no parentheses") {
  CHECK(dumped({{"/c/nginx.conf", "if ( $a ~ '^(b)$' ) { x; }\nif ($a) { x; }\nif () { x; }\n"}})
            .find(R"("args":["$a","~","^(b)$"])") != std::string::npos);
}

TEST_CASE("a Lua block is one argument") {
  const std::string out =
      dumped({{"/c/nginx.conf", "init_by_lua_block {\n  local a = \"}\"\n}\nx;\n"}});
  CHECK(out.find(R"("args":["\n  local a = \"}\"\n"]},{"directive":"x")") != std::string::npos);
}

TEST_CASE("errors are of their file and of the whole") {
  const std::string out = dumped({{"/c/nginx.conf", "include gone;\nx\n"}});
  CHECK(out.starts_with(
      R"({"status":"failed","errors":[{"file":"/c/nginx.conf","error":"unexpected end of file)"));
  CHECK(
      out.find(
          R"({"file":"/c/gone","status":"failed","errors":[{"error":"open() \"/c/gone\" failed","line":null}])") !=
      std::string::npos);
}

}  // namespace ngxdiag::audit

#include "libdiag/analyze/config_files.h"

#include <doctest/doctest.h>

#include "libdiag/parse/nginx_config_query.h"
#include "tests/source/tree.h"

namespace ngxdiag::analyze {
namespace {

const char* const kMain =
    "events { }\nhttp { include conf.d/*.conf; include /etc/nginx/own-types; }\n";

}  // namespace

TEST_CASE("a main file brings what it includes, also from where its host has it") {
  const tree::Temporary t;
  t.write("nginx.conf", kMain);
  t.write("conf.d/a.conf", "server { listen 80; }\n");
  t.write("own-types", "types { text/html html; }\n");
  for (const std::string& path : {t / "nginx.conf", t.path()}) {
    const auto piece = config_at(path);
    REQUIRE(piece);
    CHECK(piece->config.complete);
    CHECK(piece->config.files.size() == 3);
    CHECK(piece->config.problems.empty());
    CHECK(parse::find_first(piece->config, "listen"));
  }
}

TEST_CASE("a captured tree is read below its root") {
  const tree::Temporary t;
  t.write("etc/nginx/nginx.conf", "events { }\nhttp { include /etc/nginx/a; }\n");
  t.write("etc/nginx/a", "server { listen 80; }\n");
  const auto piece = config_at(t.path());
  REQUIRE(piece);
  CHECK(piece->config.files == std::vector<std::string>{"/etc/nginx/nginx.conf", "/etc/nginx/a"});
}

TEST_CASE("what is no configuration is left to others") {
  const tree::Temporary t;
  t.write("a.txt", "nginx version: nginx/1.22.1\n");
  t.write("b.bin", std::string("\0\1\2\0\0\0", 6));
  CHECK_FALSE(config_at(t / "a.txt"));
  CHECK_FALSE(config_at(t / "b.bin"));
  CHECK_FALSE(config_at(t / "none"));
  CHECK_FALSE(config_at(t.path()));
}

TEST_CASE("fragments become one configuration") {
  std::vector<ConfigPiece> pieces(2);
  pieces[0].config = parse::parse_config("server { listen 80; }\n", "a");
  pieces[1].config = parse::parse_config("server { listen 81; }\n", "b");
  const ConfigPiece one = join_fragments(std::move(pieces));
  CHECK(one.config.directives.size() == 2);
  CHECK(one.config.files.size() == 2);
  CHECK_FALSE(one.config.complete);
}

}  // namespace ngxdiag::analyze

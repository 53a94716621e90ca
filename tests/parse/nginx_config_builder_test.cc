#include "libdiag/parse/nginx_config_builder.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag::parse;

TEST_CASE("a builder reads several texts into one configuration") {
  ConfigBuilder builder({}, true);
  builder.add_text("a", "user x;");
  builder.add_text("b", "events {");
  CHECK(builder.has_read("a"));
  CHECK_FALSE(builder.has_read("c"));
  const Config config = builder.take();
  CHECK(config.directives.size() == 2);
  CHECK(config.files == std::vector<std::string>{"a", "b"});
  REQUIRE(config.problems.size() == 1);
  CHECK(config.problems[0].file == "b");
  CHECK(config.complete);
}

TEST_CASE("a directive without its semicolon ends with its block") {
  ConfigBuilder builder({}, false);
  builder.add_text("a", "server { listen 80 }\nroot /x;");
  const Config config = builder.take();
  REQUIRE(config.directives.size() == 2);
  CHECK(config.directives[0].children.size() == 1);
  CHECK(config.problems.size() == 1);
  CHECK(config.problems[0].says == "unexpected \"}\"");
}

TEST_CASE("the memory of the tree is bounded") {
  ConfigLimits limits;
  limits.memory_bytes = 10000;
  ConfigBuilder builder(limits, false);
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "a b;";
  builder.add_text("a", text);
  const Config config = builder.take();
  CHECK(config.directives.size() < 100);
  REQUIRE(config.problems.size() == 1);
  CHECK(config.problems[0].says.find("too large") != std::string::npos);
}

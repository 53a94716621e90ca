#include "libdiag/render/markdown_text.h"

#include <doctest/doctest.h>

using namespace ngxdiag::render;

TEST_CASE("text holds no markup") {
  CHECK(markdown_text("a*b_c <i> [x](y) & `z`") == "a\\*b\\_c &lt;i\\> \\[x\\](y) &amp; \\`z\\`");
  CHECK(markdown_text("one\ntwo\x1b") == "one two\\\\x1b");
}

TEST_CASE("code is fenced by more backticks than it holds") {
  CHECK(markdown_code("a") == "`a`");
  CHECK(markdown_code("a``b") == "```a``b```");
  CHECK(markdown_code("`a") == "`` `a ``");
}

TEST_CASE("a block ends where its commands end") {
  CHECK(markdown_block({"nginx -t", "echo '```'"}, "  ") ==
        "  ````sh\n  nginx -t\n  echo '```'\n  ````\n");
}

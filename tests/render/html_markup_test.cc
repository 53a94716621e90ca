#include "libdiag/render/html_markup.h"

#include <doctest/doctest.h>

using namespace ngxdiag::render;

TEST_CASE("nothing of a text acts as markup, ends an attribute or steers a terminal") {
  CHECK(html_text("<script>alert('1')&\"</script>") ==
        "&lt;script&gt;alert(&#39;1&#39;)&amp;&quot;&lt;/script&gt;");
  CHECK(html_text("a\x1b[31mb\xff\0c") == "a\\x1b[31mb\\xff");
  CHECK(html_text("one\ntwo") == "one two");
  CHECK(html_text("one\ntwo", true) == "one\ntwo");
}

TEST_CASE("only plain web addresses become links") {
  CHECK(html_link("https://example.org/a?b&c") ==
        "<a rel=\"noreferrer\" href=\"https://example.org/a?b&amp;c\">https://example.org/"
        "a?b&amp;c</a>");
  CHECK(html_link("javascript:alert(1)") == "javascript:alert(1)");
  CHECK(html_link("https://example.org/ \" onload=x") == "https://example.org/ &quot; onload=x");
}

TEST_CASE("a line is a paragraph, an empty one is none") {
  CHECK(html_paragraphs("a\n\n b<\n") == "<p>a</p>\n<p>b&lt;</p>\n");
}

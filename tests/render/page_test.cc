#include "libdiag/render/page.h"

#include <doctest/doctest.h>

using namespace ngxdiag::render;

TEST_CASE("words wrap at the width, counted in code points") {
  Page page(12, false);
  page.paragraph(2, 4, {{"äöü äöü äöü"}});
  CHECK(page.take() == "  äöü äöü\n    äöü\n");
}

TEST_CASE("a word longer than the line and a kept span stay whole") {
  Page page(10, false);
  page.paragraph(0, 2,
                 {{"see /etc/nginx/modules-enabled/50-mod-nchan.conf now"},
                  {"(a b c d e f)", Style::kDim, true}});
  CHECK(page.take() ==
        "see\n  /etc/nginx/modules-enabled/50-mod-nchan.conf\n  now\n  (a b c d e f)\n");
}

TEST_CASE("colour changes no text") {
  Page with(40, true), without(40, false);
  for (Page* page : {&with, &without})
    page->paragraph(2, 2, {{"one", Style::kRed}, {"two three"}, {"four", Style::kBold}});
  const std::string coloured = with.take();
  CHECK(coloured == "  \x1b[1;31mone\x1b[0m two three \x1b[1mfour\x1b[0m\n");
  CHECK(without.take() == "  one two three four\n");
}

TEST_CASE("control bytes of the evidence never reach the terminal") {
  Page page(80, false);
  page.paragraph(0, 0, {{"a\x1b]0;evil\x07 b\xff"}});
  page.verbatim(2, "rm 'x\x1b'\nnext", Style::kPlain);
  page.clipped(0, "c\rd", Style::kPlain);
  CHECK(page.take() == "a\\x1b]0;evil\\x07 b\\xff\n  rm 'x\\x1b'\n  next\nc\\x0dd\n");
}

TEST_CASE("a clipped line ends in an ellipsis within the width") {
  Page page(10, false);
  page.clipped(2, "äöüäöüäöü", Style::kDim);
  CHECK(page.take() == "  äöüäöüä…\n");
}

TEST_CASE("an empty paragraph prints nothing") {
  Page page(10, false);
  page.paragraph(2, 2, {{"  "}});
  CHECK(page.take().empty());
}

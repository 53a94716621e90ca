#include "libdiag/parse/line_masks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

using ngxdiag::parse::LineMasks;
using Quotes = LineMasks::Quotes;

namespace {

std::string padded(const std::string& text) {
  const std::string around(LineMasks::kPadding, '"');
  return around + text + around;
}

}  // namespace

TEST_CASE("line ends, quotes and marks are where a plain search finds them") {
  std::mt19937 dice(3);
  LineMasks masks;
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t i = dice() % 400; i > 0; --i) text += "nt:\"\nab"[dice() % 7];
    const std::string block = padded(text);
    masks.fill(block.data() + LineMasks::kPadding, text.size());
    for (size_t from = 0; from < text.size(); from += 1 + dice() % 9) {
      REQUIRE(masks.next_newline(from) == std::min(text.find('\n', from), text.size()));
      const size_t until = from + dice() % (text.size() - from + 1);
      REQUIRE(masks.next_quote(from, until) ==
              std::min(text.substr(0, until).find('"', from), until));
      const size_t mark = text.find("nt:", from > 0 ? from - 1 : 0);
      if (mark != std::string::npos && mark + 1 < until && mark + 1 >= from)
        REQUIRE(masks.next_mark(from, until) == mark + 1);
      const auto count = std::count(text.begin() + static_cast<std::ptrdiff_t>(from),
                                    text.begin() + static_cast<std::ptrdiff_t>(until), '"');
      REQUIRE(masks.quotes(from, until) == (count == 0       ? Quotes::kNone
                                            : count % 2 == 0 ? Quotes::kEven
                                                             : Quotes::kOdd));
    }
  }
}

TEST_CASE("a quote behind a backslash is told") {
  LineMasks masks;
  const std::string plain = padded(R"(a "b" \ c)"), escaped = padded(R"(a \"b\" c)");
  masks.fill(plain.data() + LineMasks::kPadding, plain.size() - 2 * LineMasks::kPadding);
  CHECK_FALSE(masks.escapes());
  masks.fill(escaped.data() + LineMasks::kPadding, escaped.size() - 2 * LineMasks::kPadding);
  CHECK(masks.escapes());
}

// Lines of styled text wrapped on words: the terminal's page.
//   paragraph(2, 6, {{"●●●", Style::kBold}, {"workers died", Style::kPlain}})
// Width counts UTF-8 code points. A word longer than the line (a path, a URL) is never broken.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::render {

enum class Style { kPlain, kBold, kRed, kYellow, kGreen, kCyan, kDim };

struct Span {
  std::string text;
  Style style = Style::kPlain;
  bool keep = false;  // one unbreakable word, blanks included
};

// Code points of valid UTF-8.
size_t columns(std::string_view text);

class Page {
 public:
  Page(size_t width, bool color) : width_(width), color_(color) {}

  // Words of all spans, `first` blanks before the first line and `rest` before the others.
  // Everything is made safe for the terminal here.
  void paragraph(size_t first, size_t rest, const std::vector<Span>& spans);
  // As it is (made safe), never wrapped; a line end within it starts another line.
  void verbatim(size_t indent, std::string_view text, Style style);
  // Cut with "…" where the line ends.
  void clipped(size_t indent, std::string_view text, Style style);
  void blank();

  std::string take() { return std::move(out_); }

 private:
  std::string styled(std::string_view text, Style style) const;

  size_t width_;
  bool color_;
  std::string out_;
};

}  // namespace ngxdiag::render

// A manual page in troff (man macros), line by line.
//   .SH EXIT STATUS
//   .TP
//   \fB64\fR
//   wrong request
// Text comes in escaped: what a caller has not written itself goes through troff_escaped.
#pragma once

#include <string>
#include <string_view>

namespace ngxdiag::tools {

// As troff shows it unchanged; what stands between backquotes is set in bold.
std::string troff_escaped(std::string_view text);
std::string troff_bold(std::string_view text);
std::string troff_italic(std::string_view text);

class TroffPage {
 public:
  // `name` without its section, 1 or 5; `made_from` is said in a comment.
  TroffPage(const std::string& name, char section, const std::string& made_from);

  void section(std::string_view title);
  void paragraph(const std::string& text);
  void tagged(const std::string& tag, const std::string& text);
  // "word  text", plain, is a row of two columns; other text is a paragraph.
  void row(std::string_view text);
  // As it is, on a line of its own.
  void line(const std::string& text);

  std::string take() { return std::move(out_); }

 private:
  void lines(const std::string& text);

  std::string out_;
  bool fresh_ = true;  // a .PP right behind .SH is a mistake
};

}  // namespace ngxdiag::tools

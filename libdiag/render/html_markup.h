// Pieces of HTML in which nothing of the evidence can act as markup.
//   html_text("<script>\x1b") -> "&lt;script&gt;\\x1b"
#pragma once

#include <string>
#include <string_view>

namespace ngxdiag::render {

// Text for element content and for quoted attribute values: control bytes, invalid UTF-8 and
// bidirectional overrides shown as \xNN, then &, <, >, " and ' as entities. Line ends stay only
// when `keep_newlines`, else they are blanks.
std::string html_text(std::string_view text, bool keep_newlines = false);

// <code>…</code>
std::string html_code(std::string_view text);

// The text as paragraphs, one a line.
std::string html_paragraphs(std::string_view text);

// A link when `url` is plain http(s), else the text alone.
std::string html_link(std::string_view url);

}  // namespace ngxdiag::render

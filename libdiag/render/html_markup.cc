#include "libdiag/render/html_markup.h"

#include "libdiag/base/text.h"

namespace ngxdiag::render {

std::string html_text(std::string_view text, bool keep_newlines) {
  const std::string safe = base::printable(text, true);
  std::string out;
  out.reserve(safe.size());
  for (const char c : safe) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\n': out += keep_newlines ? '\n' : ' '; break;
      default: out += c;
    }
  }
  return out;
}

std::string html_code(std::string_view text) { return "<code>" + html_text(text) + "</code>"; }

std::string html_paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = base::trim(base::take_line(text));
    if (!line.empty()) out += "<p>" + html_text(line) + "</p>\n";
  }
  return out;
}

std::string html_link(std::string_view url) {
  const std::string safe = html_text(url);
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  if (!web || url.find_first_of(" \t\r\n") != std::string_view::npos) return safe;
  return "<a rel=\"noreferrer\" href=\"" + safe + "\">" + safe + "</a>";
}

}  // namespace ngxdiag::render

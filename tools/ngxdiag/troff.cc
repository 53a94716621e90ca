#include "tools/ngxdiag/troff.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

constexpr size_t kWidth = 78;

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace

std::string troff_escaped(std::string_view text) {
  std::string out;
  const bool paired = std::count(text.begin(), text.end(), '`') % 2 == 0;
  bool bold = false;
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      case '`':
        bold = !bold;
        out += !paired ? "\\(ga" : bold ? "\\fB" : "\\fR";
        break;
      default: out += c;
    }
  }
  return out;
}

std::string troff_bold(std::string_view text) { return "\\fB" + troff_escaped(text) + "\\fR"; }
std::string troff_italic(std::string_view text) { return "\\fI" + troff_escaped(text) + "\\fR"; }

TroffPage::TroffPage(const std::string& name, char section, const std::string& made_from)
    : out_(".\\\" Made from the text of \"" + made_from + "\".\n.TH " + troff_escaped(upper(name)) +
           " " + section + " " NGXDIAG_DATE " \"ngxdiag " NGXDIAG_VERSION "\" \"" +
           (section == '1' ? "User commands" : "File formats") + "\"\n") {}

void TroffPage::section(std::string_view title) {
  out_ += ".SH " + troff_escaped(title) + "\n";
  fresh_ = true;
}

void TroffPage::paragraph(const std::string& text) {
  if (!fresh_) out_ += ".PP\n";
  lines(text);
}

void TroffPage::tagged(const std::string& tag, const std::string& text) {
  out_ += ".TP\n" + tag + "\n";
  lines(text);
}

void TroffPage::row(std::string_view text) {
  const size_t gap = text.find("  ");
  if (gap == std::string_view::npos) return paragraph(troff_escaped(text));
  tagged(troff_bold(text.substr(0, gap)), troff_escaped(base::trim(text.substr(gap))));
}

void TroffPage::line(const std::string& text) {
  out_ += text + "\n";
  fresh_ = false;
}

// Sentences begin lines, and lines stay short: that is how troff is written.
void TroffPage::lines(const std::string& text) {
  std::string row;
  std::string_view rest = text;
  const auto flush = [&] {
    if (row.empty()) return;
    // A full stop in front would be read as a request.
    out_ += (row[0] == '.' ? "\\&" : "") + row + "\n";
    row.clear();
  };
  while (!rest.empty()) {
    const size_t gap = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, gap);
    rest.remove_prefix(std::min(gap + 1, rest.size()));
    if (word.empty()) continue;
    if (!row.empty() && row.size() + 1 + word.size() > kWidth) flush();
    row += (row.empty() ? "" : " ") + std::string(word);
    if (word.ends_with('.')) flush();
  }
  flush();
  fresh_ = false;
}

}  // namespace ngxdiag::tools

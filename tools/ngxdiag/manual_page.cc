#include "tools/ngxdiag/manual_page.h"

#include <algorithm>
#include <filesystem>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/program_help.h"

namespace ngxdiag::tools {
namespace {

constexpr size_t kWidth = 78;

// Text as troff shows it unchanged; what stands between backquotes is set in bold.
std::string escaped(std::string_view text) {
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

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

class TroffPage {
 public:
  explicit TroffPage(std::string out) : out_(std::move(out)) {}

  void section(std::string_view title) {
    out_ += ".SH " + escaped(title) + "\n";
    fresh_ = true;
  }
  // A paragraph of its own; `text` is escaped already.
  void paragraph(const std::string& text) {
    if (!fresh_) out_ += ".PP\n";
    lines(text);
  }
  void tagged(const std::string& tag, const std::string& text) {
    out_ += ".TP\n" + tag + "\n";
    lines(text);
  }
  void line(const std::string& text) {
    out_ += text + "\n";
    fresh_ = false;
  }
  std::string take() { return std::move(out_); }

 private:
  // Sentences begin lines, and lines stay short: that is how troff is written.
  void lines(const std::string& text) {
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

  std::string out_;
  bool fresh_ = true;
};

// "word  text" is a row of two columns.
void row(TroffPage& page, std::string_view text) {
  const size_t gap = text.find("  ");
  if (gap == std::string_view::npos) return page.paragraph(escaped(text));
  page.tagged(bold(text.substr(0, gap)), escaped(base::trim(text.substr(gap))));
}

// What every command with these options reads besides its arguments.
struct SiteFile {
  std::string_view option, row;
};
constexpr SiteFile kSiteFiles[] = {
    {"rules", "/etc/ngxdiag/rules.d/*.json  rules of this site, after the built-in ones"},
    {"suppress", "/etc/ngxdiag/suppressions.json  findings known already, each with a reason"},
};
constexpr SiteFile kEnvironment[] = {
    {"color", "NO_COLOR  when set, no colour unless --color always is given"},
    {"width", "COLUMNS  the width of the terminal"},
};

bool has_option(const Manual& manual, std::string_view name) {
  return std::any_of(manual.options.begin(), manual.options.end(),
                     [&](const Option& option) { return option.name == name; });
}

template <size_t kCount>
void site_rows(TroffPage& page, const Manual& manual, std::string_view title,
               const SiteFile (&rows)[kCount]) {
  const auto own = std::find_if(manual.sections.begin(), manual.sections.end(),
                                [&](const Section& section) { return section.title == title; });
  std::vector<std::string_view> all;
  if (own != manual.sections.end()) all = own->paragraphs;
  for (const SiteFile& entry : rows)
    if (has_option(manual, entry.option)) all.push_back(entry.row);
  if (all.empty()) return;
  page.section(title);
  for (const std::string_view text : all) row(page, text);
}

std::string page_name(std::string_view name) {
  return base::replace_all(std::string(name), " ", "-");
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

void see_also(TroffPage& page, const Manual& manual) {
  std::vector<std::string> names;
  if (manual.name != "ngxdiag") names.emplace_back("ngxdiag");
  for (const Command& command : commands()) {
    const std::string name = "ngxdiag " + std::string(command.name);
    if (name != manual.name) names.push_back(page_name(name));
  }
  page.section("SEE ALSO");
  std::string text;
  for (const std::string& name : names) text += bold(name) + "(1), ";
  page.paragraph(text + bold("nginx") + "(8)");
}

}  // namespace

std::string manual_page(const Manual& manual, std::string_view summary) {
  const std::string name = page_name(manual.name);
  TroffPage page(".\\\" Made from the text of \"" + std::string(manual.name) + " --help\".\n.TH " +
                 escaped(upper(name)) +
                 " 1 " NGXDIAG_DATE " \"ngxdiag " NGXDIAG_VERSION "\" \"User commands\"\n");
  page.section("NAME");
  page.line(escaped(name) + " \\- " + escaped(summary));
  page.section("SYNOPSIS");
  bool first = true;
  for (const std::string_view usage : manual.synopsis) {
    if (!first) page.line(".br");
    page.line(bold(manual.name) + (usage.empty() ? "" : " " + escaped(usage)));
    first = false;
  }
  page.section("DESCRIPTION");
  for (const std::string_view paragraph : manual.paragraphs) page.paragraph(escaped(paragraph));
  if (!manual.options.empty()) page.section("OPTIONS");
  for (const Option& option : manual.options) {
    std::string tag = option.letter ? bold(std::string("-") + option.letter) + ", " : "";
    tag += bold("--" + std::string(option.name));
    if (!option.argument.empty()) tag += " " + italic(option.argument);
    page.tagged(tag, escaped(option.text));
  }
  for (const Section& section : manual.sections) {
    if (section.title == "FILES" || section.title == "ENVIRONMENT") continue;
    page.section(section.title);
    for (const std::string_view paragraph : section.paragraphs) row(page, paragraph);
  }
  page.section("EXIT STATUS");
  for (const std::string_view line : manual.exit_status) row(page, line);
  site_rows(page, manual, "ENVIRONMENT", kEnvironment);
  site_rows(page, manual, "FILES", kSiteFiles);
  if (!manual.examples.empty()) page.section("EXAMPLES");
  for (const Example& example : manual.examples)
    page.tagged(bold(example.command), escaped(example.says));
  see_also(page, manual);
  return page.take();
}

void write_manual_pages(const std::string& folder) {
  const std::string pages = folder + "/man1";
  std::error_code error;
  std::filesystem::create_directories(pages, error);
  if (error)
    throw base::UserError("cannot make the folder " + base::printable(pages), "ngxdiag help", {},
                          error.message(), "name another folder");
  const auto write = [&](const Manual& manual, std::string_view summary) {
    write_file(pages + "/" + page_name(manual.name) + ".1", manual_page(manual, summary));
  };
  write(program_manual(), "names why nginx is sick");
  for (const Command& command : commands()) write(command.manual(), command.summary);
}

}  // namespace ngxdiag::tools

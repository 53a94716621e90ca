#include "tools/ngxdiag/manual.h"

#include "libdiag/render/page.h"
#include "tools/ngxdiag/output.h"

namespace ngxdiag::tools {
namespace {

constexpr size_t kWidth = 80, kTextColumn = 24;

void option_line(render::Page& page, const Option& option) {
  std::string spelling = option.letter ? std::string("-") + option.letter + ", " : "    ";
  spelling += "--" + std::string(option.name);
  if (!option.argument.empty()) spelling += " " + std::string(option.argument);
  if (spelling.size() + 4 > kTextColumn) {
    page.verbatim(2, spelling, render::Style::kPlain);
    page.paragraph(kTextColumn, kTextColumn, {{std::string(option.text)}});
    return;
  }
  spelling.resize(kTextColumn - 3, ' ');
  page.paragraph(2, kTextColumn,
                 {{spelling, render::Style::kPlain, true}, {std::string(option.text)}});
}

}  // namespace

const std::vector<std::string_view> kVerdictStatus = {
    "0   ok: nothing of severity warning or above",
    "1   warning",
    "2   critical",
    "3   unknown: too little could be seen to say",
    "64  wrong request: unknown option, missing file, a mistake in a rule file",
    "70  internal error of ngxdiag",
};

const std::vector<std::string_view> kPlainStatus = {
    "0   done",
    "64  wrong request",
    "70  internal error of ngxdiag",
};

std::string help_text(const Manual& manual) {
  render::Page page(kWidth, false);
  const auto title = [&](std::string_view text) {
    page.blank();
    page.paragraph(0, 0, {{std::string(text)}});
  };
  bool first = true;
  for (const std::string_view line : manual.synopsis) {
    page.paragraph(0, 9,
                   {{first ? "usage:" : "      ", render::Style::kPlain, true},
                    {std::string(manual.name) + " " + std::string(line)}});
    first = false;
  }
  for (const std::string_view paragraph : manual.paragraphs) {
    page.blank();
    page.paragraph(0, 0, {{std::string(paragraph)}});
  }
  if (!manual.options.empty()) title("OPTIONS");
  for (const Option& option : manual.options) option_line(page, option);
  for (const Section& section : manual.sections) {
    title(section.title);
    for (const std::string_view paragraph : section.paragraphs) {
      // "word  text" is a row of two columns.
      const size_t gap = paragraph.find("  ");
      if (gap == std::string_view::npos) {
        page.paragraph(2, 2, {{std::string(paragraph)}});
        continue;
      }
      std::string word(paragraph.substr(0, gap));
      if (word.size() < 10) word.resize(10, ' ');
      page.paragraph(2, 13,
                     {{word, render::Style::kPlain, true}, {std::string(paragraph.substr(gap))}});
    }
  }
  title("EXIT STATUS");
  for (const std::string_view line : manual.exit_status)
    page.verbatim(2, line, render::Style::kPlain);
  if (!manual.examples.empty()) title("EXAMPLES");
  for (const Example& example : manual.examples) {
    page.verbatim(2, example.command, render::Style::kPlain);
    page.paragraph(6, 6, {{std::string(example.says)}});
  }
  return page.take();
}

bool asked_for_help(const CommandLine& line, const Manual& manual) {
  if (!line.has("help")) return false;
  print(help_text(manual));
  return true;
}

}  // namespace ngxdiag::tools

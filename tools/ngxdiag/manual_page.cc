#include "tools/ngxdiag/manual_page.h"

#include <algorithm>
#include <filesystem>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/program_help.h"
#include "tools/ngxdiag/settings.h"
#include "tools/ngxdiag/troff.h"

namespace ngxdiag::tools {
namespace {

// What every command with these options reads besides its arguments.
struct SiteFile {
  std::string_view option, row;
};
constexpr SiteFile kSiteFiles[] = {
    {"rules", "/etc/ngxdiag/rules.d/*.json  rules of this site, after the built-in ones"},
    {"suppress", "/etc/ngxdiag/suppressions.json  findings known already, each with a reason"},
    {"help", "/etc/ngxdiag/ngxdiag.conf  settings of this site, see ngxdiag.conf(5)"},
};
constexpr SiteFile kEnvironment[] = {
    {"help", "NGXDIAG_CONFIG  the file of settings, instead of /etc/ngxdiag/ngxdiag.conf"},
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
  for (const std::string_view text : all) page.row(text);
}

std::string page_name(std::string_view name) {
  return base::replace_all(std::string(name), " ", "-");
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
  for (const std::string& name : names) text += troff_bold(name) + "(1), ";
  page.paragraph(text + troff_bold("ngxdiag.conf") + "(5), " + troff_bold("nginx") + "(8)");
}

}  // namespace

std::string manual_page(const Manual& manual, std::string_view summary) {
  const std::string name = page_name(manual.name);
  TroffPage page(
      name, '1',
      manual.name == "ngxdiag" ? "ngxdiag --help" : std::string(manual.name) + " --help");
  page.section("NAME");
  page.line(troff_escaped(name) + " \\- " + troff_escaped(summary));
  page.section("SYNOPSIS");
  bool first = true;
  for (const std::string_view usage : manual.synopsis) {
    if (!first) page.line(".br");
    page.line(troff_bold(manual.name) + (usage.empty() ? "" : " " + troff_escaped(usage)));
    first = false;
  }
  page.section("DESCRIPTION");
  for (const std::string_view paragraph : manual.paragraphs)
    page.paragraph(troff_escaped(paragraph));
  if (!manual.options.empty()) page.section("OPTIONS");
  for (const Option& option : manual.options) {
    std::string tag = option.letter ? troff_bold(std::string("-") + option.letter) + ", " : "";
    tag += troff_bold("--" + std::string(option.name));
    if (!option.argument.empty()) tag += " " + troff_italic(option.argument);
    page.tagged(tag, troff_escaped(option.text));
  }
  for (const Section& section : manual.sections) {
    if (section.title == "FILES" || section.title == "ENVIRONMENT") continue;
    page.section(section.title);
    for (const std::string_view paragraph : section.paragraphs) page.row(paragraph);
  }
  page.section("EXIT STATUS");
  for (const std::string_view line : manual.exit_status) page.row(line);
  site_rows(page, manual, "ENVIRONMENT", kEnvironment);
  site_rows(page, manual, "FILES", kSiteFiles);
  if (!manual.examples.empty()) page.section("EXAMPLES");
  for (const Example& example : manual.examples)
    page.tagged(troff_bold(example.command), troff_escaped(example.says));
  see_also(page, manual);
  return page.take();
}

void write_manual_pages(const std::string& folder) {
  const auto write = [&](const std::string& path, const std::string& page) {
    const std::filesystem::path place = std::filesystem::path(folder) / path;
    std::error_code error;
    std::filesystem::create_directories(place.parent_path(), error);
    if (error)
      throw base::UserError("cannot make the folder for " + base::printable(place.string()),
                            "ngxdiag help", {}, error.message(), "name another folder");
    write_file(place.string(), page);
  };
  const auto write_manual = [&](const Manual& manual, std::string_view summary) {
    write("man1/" + page_name(manual.name) + ".1", manual_page(manual, summary));
  };
  write_manual(program_manual(), "names why nginx is sick");
  for (const Command& command : commands()) write_manual(command.manual(), command.summary);
  write("man5/ngxdiag.conf.5", settings_page());
}

}  // namespace ngxdiag::tools

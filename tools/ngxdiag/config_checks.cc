// ngxdiag config list | show | test | dump: the checks themselves, and what they are made over.
#include <algorithm>
#include <filesystem>
#include <map>

#include "libdiag/analyze/config_files.h"
#include "libdiag/audit/dump.h"
#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/json/dump.h"
#include "libdiag/pipeline/config_audit.h"
#include "libdiag/render/page.h"
#include "tools/ngxdiag/config_commands.h"
#include "tools/ngxdiag/output.h"

namespace ngxdiag::tools {
namespace {

constexpr size_t kWidth = 100;

const audit::Check& find_check(const std::vector<audit::Check>& checks, const std::string& name) {
  std::vector<std::string> names;
  for (const audit::Check& check : checks) {
    names.push_back(check.id);
    names.insert(names.end(), check.aliases.begin(), check.aliases.end());
    if (check.id == name ||
        std::find(check.aliases.begin(), check.aliases.end(), name) != check.aliases.end())
      return check;
  }
  const std::string near = base::closest(name, names);
  throw base::UserError("no such check: " + base::printable(name), "ngxdiag config", {},
                        near.empty() ? "" : "did you mean " + near + "?",
                        "see: ngxdiag config list");
}

std::string markdown(const std::vector<audit::Check>& checks) {
  std::map<std::string, std::vector<const audit::Check*>> groups;
  for (const audit::Check& check : checks) groups[check.group].push_back(&check);
  std::string out =
      "# Checks of a configuration\n\nWhat `ngxdiag config` looks for. This page is the output of "
      "`ngxdiag config list --format markdown`; a test compares the two. Each check is one file, "
      "`rules/config/<id>.json`, with the examples that prove it; docs/config.md says how to write "
      "one.\n";
  for (const auto& [group, list] : groups) {
    out += "\n## " + group + "\n";
    for (const audit::Check* check : list) {
      out += "\n### " + check->id + "\n\n**" + std::string(model::severity_name(check->severity)) +
             "** · " + check->title + "\n\n" + check->explanation + "\n";
      if (!check->aliases.empty())
        out += "\nAlso known as: `" + base::join(check->aliases, "`, `") + "`.\n";
      if (!check->params.empty()) {
        out += "\n";
        for (const auto& [name, param] : check->params) {
          std::string value = std::to_string(param.value);
          value.erase(value.find_last_not_of('0') + 1);
          if (value.ends_with(".")) value.pop_back();
          out += "- `" + name + "` = " + value + ": " + param.because + "\n";
        }
      }
      out += "\n```nginx\n" + base::join(check->fix, "\n") + "\n```\n";
      for (const std::string& reference : check->references) out += "\n<" + reference + ">\n";
    }
  }
  return out;
}

}  // namespace

int config_list(const CommandLine& line, const std::vector<audit::Check>& checks) {
  line.at_most(1);
  if (line.value("format") == "markdown") {
    print(markdown(checks));
    return kOk;
  }
  size_t width = 0;
  for (const audit::Check& check : checks) width = std::max(width, check.id.size());
  std::string out;
  for (const audit::Check& check : checks) {
    std::string id = check.id, severity(model::severity_name(check.severity));
    id.resize(width, ' ');
    severity.resize(8, ' ');
    out += id + "  " + severity + "  " + check.title + "\n";
  }
  print(out);
  return kOk;
}

int config_show(const CommandLine& line, const std::vector<audit::Check>& checks) {
  line.at_most(2);
  if (line.rest().size() < 2)
    throw base::UserError("which check?", line.program(), {}, {}, "see: ngxdiag config list");
  const audit::Check& check = find_check(checks, line.rest()[1]);
  render::Page page(kWidth, false);
  page.paragraph(0, 2, {{check.id + ":"}, {check.title}});
  page.paragraph(0, 0,
                 {{"severity " + std::string(model::severity_name(check.severity)) + ", group " +
                   check.group}});
  if (!check.aliases.empty())
    page.paragraph(0, 2, {{"also known as " + base::join(check.aliases, ", ")}});
  page.blank();
  page.paragraph(0, 0, {{check.explanation}});
  page.blank();
  for (const std::string& text : check.fix) page.verbatim(2, text, render::Style::kPlain);
  for (const auto& [name, param] : check.params)
    page.paragraph(0, 2, {{name + ":"}, {param.because}});
  page.blank();
  for (const audit::CheckExample& example : check.examples) {
    page.paragraph(0, 2, {{example.fires ? "fires:" : "quiet:"}, {example.name}});
    page.verbatim(4, example.config, render::Style::kPlain);
  }
  for (const std::string& reference : check.references)
    page.verbatim(0, reference, render::Style::kPlain);
  print(page.take());
  return kOk;
}

int config_test(const CommandLine& line, const std::vector<audit::Check>& checks) {
  std::string out;
  int64_t run = 0, failed = 0;
  std::vector<std::string> only;
  for (size_t i = 1; i < line.rest().size(); ++i)
    only.push_back(find_check(checks, line.rest()[i]).id);
  for (const audit::Check& check : checks) {
    if (!only.empty() && std::find(only.begin(), only.end(), check.id) == only.end()) continue;
    for (const audit::CheckExample& example : check.examples) {
      ++run;
      const std::string wrong = pipeline::check_config_example(check, example);
      if (wrong.empty()) continue;
      ++failed;
      out += check.id + ": " + base::printable(example.name) + ": " + base::printable(wrong) + "\n";
    }
  }
  out += std::to_string(run - failed) + " passed, " + std::to_string(failed) + " failed\n";
  print(out);
  return failed ? kWarning : kOk;
}

int config_dump(const CommandLine& line, const std::vector<audit::Check>&) {
  line.at_most(2);
  std::string main = line.rest().size() > 1 ? line.rest()[1] : "/etc/nginx/nginx.conf";
  std::error_code error;
  if (std::filesystem::is_directory(main, error)) main += "/nginx.conf";
  if (!std::filesystem::exists(main, error))
    throw base::UserError("no such file: " + base::printable(main), line.program(), {}, {},
                          "name the main configuration file");
  const std::string directory(parse::config_directory(main));
  const parse::ConfigReader reader = analyze::config_reader(directory.empty() ? "./" : directory);
  const json::Node node = audit::dump_config(reader, main);
  print(json::dump(node, 1) + "\n");
  return node.find("status")->as_string() == "ok" ? kOk : kWarning;
}

}  // namespace ngxdiag::tools

// ngxdiag analyze NAME...: the facts that analyzers find, without any judgement.
#include <algorithm>

#include "libdiag/analyze/analyzer.h"
#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/json/dump.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/render/json.h"
#include "libdiag/render/outline.h"
#include "libdiag/render/page.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/report_options.h"

namespace ngxdiag::tools {
namespace {

constexpr size_t kWidth = 80;

std::vector<std::string> analyzer_names() {
  std::vector<std::string> out;
  for (const analyze::Analyzer* analyzer : analyze::analyzers()) out.emplace_back(analyzer->name);
  return out;
}

void list_analyzers() {
  render::Page page(kWidth, false);
  for (const analyze::Analyzer* analyzer : analyze::analyzers()) {
    page.paragraph(0, 4, {{std::string(analyzer->name) + ":"}, {std::string(analyzer->asks)}});
    for (size_t i = 0; i < analyzer->spec_count; ++i) {
      const model::FactSpec& spec = analyzer->specs[i];
      const std::string_view unit = model::unit_name(spec.unit);
      page.paragraph(
          4, 8,
          {{std::string(spec.name) + (unit.empty() ? "" : " (" + std::string(unit) + ")") + ":"},
           {std::string(spec.meaning)}});
    }
  }
  print(page.take());
}

}  // namespace

Manual analyze_manual() {
  std::vector<std::string_view> words;
  for (const analyze::Analyzer* analyzer : analyze::analyzers()) words.push_back(analyzer->name);
  std::vector<Option> own = {
      {"in", 'i', "FILE", "look at FILE instead of this host; may be repeated"},
      {"json", 0, "", "print JSON"},
      {"now", 0, "TIME", "the time of the evidence's host"},
      {"root", 0, "DIR", "look at a captured tree with host paths below DIR"},
      {"help", 'h', "", "print this help"},
  };
  return {
      .name = "ngxdiag analyze",
      .synopsis = {"[OPTION]... [NAME]..."},
      .paragraphs = {"Prints the facts that the named analyzers find, each with its value and "
                     "where it was read. "
                     "Without a name it lists the analyzers with the question each answers."},
      .options = own,
      .sections = {},
      .exit_status = kPlainStatus,
      .examples = {{"ngxdiag analyze", "which analyzers there are"},
                   {"ngxdiag analyze crashes --in error.log", "what one of them sees"}},
      .words = words,
  };
}

int run_analyze(const Arguments& arguments) {
  const Manual page_of_manual = analyze_manual();
  const CommandLine line(std::string(page_of_manual.name), page_of_manual.options, arguments);
  if (asked_for_help(line, page_of_manual)) return kOk;
  if (line.rest().empty()) {
    list_analyzers();
    return kOk;
  }
  const auto names = analyzer_names();
  for (const std::string& name : line.rest()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = base::closest(name, names);
    throw base::UserError("no such analyzer: " + base::printable(name), line.program(), {},
                          near.empty() ? "" : "did you mean " + near + "?",
                          "one of: " + base::join(names, ", "));
  }
  const Gathered gathered = gather(line, line.values("in"));
  const model::Report report = pipeline::diagnose(gathered.evidence, pipeline::load_knowledge());
  model::FactSet wanted;
  for (const auto& [name, fact] : report.facts.all())
    if (std::find(line.rest().begin(), line.rest().end(), fact.analyzer) != line.rest().end())
      wanted.put(name, fact.value, fact.evidence, fact.analyzer);
  if (line.has("json")) {
    print(json::dump(render::to_node(wanted), 1) + "\n");
    return kOk;
  }
  render::Page page(kWidth, false);
  for (const auto& [name, fact] : wanted.all())
    page.paragraph(0, 4,
                   {{name + " = " + model::to_text(fact.value)},
                    {"(" + render::where(fact.evidence.front()) + ")"}});
  const std::string text = page.take();
  print(text.empty() ? "nothing found\n" : text);
  return kOk;
}

}  // namespace ngxdiag::tools

// ngxdiag rules test [ID]...: every example of every rule, through the engine alone (facts) or
// through the whole pipeline (files).
#include <algorithm>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/engine/example.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/source/evidence.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/rules_commands.h"

namespace ngxdiag::tools {
namespace {

// Long after every example: what it says of ages does not depend on the day the test is run.
constexpr base::CivilTime kNever = 4102444800;  // 2100-01-01

// The last time that stands at the start of a line: "now" of an example.
base::CivilTime last_time(const std::map<std::string, std::string>& files) {
  std::optional<base::CivilTime> last;
  for (const auto& [name, text] : files) {
    std::string_view rest = text;
    while (!rest.empty()) {
      const auto time = base::parse_civil(base::take_line(rest));
      if (time && (!last || *time > *last)) last = time;
    }
  }
  return last.value_or(kNever);
}

source::Evidence evidence_of(const engine::RuleExample& example) {
  source::Evidence evidence;
  evidence.now = last_time(example.files);
  source::Instance instance;
  instance.files = source::no_files();
  for (const auto& [name, text] : example.files)
    instance.documents.push_back(source::text_document(name, text));
  evidence.instances.push_back(std::move(instance));
  return evidence;
}

}  // namespace

int rules_test(const CommandLine& line, const RuleFiles& files) {
  const auto texts = files.all();
  const pipeline::Knowledge knowledge =
      pipeline::load_knowledge(files.extra(), pipeline::Examples::kAll);
  const std::vector<std::string> only(line.rest().begin() + 1, line.rest().end());
  for (const std::string& id : only) find_rule(texts, id);
  std::string out;
  int64_t run = 0, failed = 0;
  for (const engine::Rule& rule : knowledge.rules.rules) {
    if (!only.empty() && std::find(only.begin(), only.end(), rule.id) == only.end()) continue;
    for (const engine::RuleExample& example : rule.examples) {
      engine::Diagnosis diagnosis;
      if (example.files.empty()) {
        diagnosis = engine::evaluate(knowledge.rules, engine::example_facts(rule, example));
      } else {
        const model::Report report = pipeline::diagnose(evidence_of(example), knowledge);
        diagnosis = {report.findings, report.symptoms, report.next_checks};
      }
      ++run;
      std::string wrong = engine::check_example(rule, example, diagnosis);
      if (wrong.empty() && example.fires) wrong = engine::tied_first(knowledge.rules, diagnosis);
      if (wrong.empty()) continue;
      ++failed;
      out += rule.id + ": " + base::printable(example.name) + ": " + base::printable(wrong) + "\n";
    }
  }
  if (!base::builtin_examples()) out += "this build left out the examples of the built-in rules\n";
  out += std::to_string(run - failed) + " passed, " + std::to_string(failed) + " failed\n";
  print(out);
  return failed ? kWarning : kOk;
}

}  // namespace ngxdiag::tools

#include "libdiag/pipeline/knowledge.h"

#include "libdiag/analyze/registry.h"
#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/correlate/registry.h"
#include "libdiag/engine/builtin.h"
#include "libdiag/json/parse.h"

namespace ngxdiag::pipeline {

std::vector<analyze::Witness> read_witnesses(std::string_view table) {
  std::vector<analyze::Witness> out;
  while (!table.empty()) {
    const std::string_view line = base::take_line(table);
    if (line.empty() || line[0] == '#') continue;
    const auto cells = base::split(line, '\t');
    if (cells.size() == 3)
      out.push_back({std::string(cells[0]), std::string(cells[1]), std::string(cells[2])});
  }
  return out;
}

std::map<std::string, double, std::less<>> read_thresholds(std::string_view text,
                                                           std::string_view where) {
  std::map<std::string, double, std::less<>> out;
  const json::Node root = json::parse(text, where);
  for (const auto& [key, value] : root.members()) {
    const json::Node* number = value.find("value");
    const json::Node* because = value.find("because");
    if (!number || !number->is_number() || !because)
      throw json::error_at(text, where, root.key_position(key),
                           "a threshold needs a value and a because");
    out[key] = number->as_number();
  }
  return out;
}

std::vector<model::FactSpec> known_facts() {
  std::vector<model::FactSpec> out;
  for (const analyze::Analyzer* analyzer : analyze::analyzers())
    out.insert(out.end(), analyzer->specs, analyzer->specs + analyzer->spec_count);
  for (const correlate::Correlator* correlator : correlate::correlators())
    out.insert(out.end(), correlator->specs, correlator->specs + correlator->spec_count);
  return out;
}

Knowledge load_knowledge(const std::vector<engine::RuleText>& extra, Examples examples) {
  Knowledge knowledge;
  std::vector<engine::RuleText> texts = engine::builtin_rules();
  for (engine::RuleText& text : texts) text.without_examples = examples == Examples::kNone;
  texts.insert(texts.end(), extra.begin(), extra.end());
  knowledge.rules = engine::load_rules(texts, known_facts());
  knowledge.tables.witnesses = read_witnesses(base::builtin_data("witnesses.tsv"));
  knowledge.tables.thresholds =
      read_thresholds(base::builtin_data("thresholds.json"), "rules/data/thresholds.json");
  knowledge.patterns = knowledge.rules.patterns();
  for (const analyze::Witness& witness : knowledge.tables.witnesses)
    if (witness.kind == "message") {
      model::LinePattern pattern;
      pattern.id = "module-message/" + witness.slug;
      pattern.in = {model::Kind::kErrorLog};
      pattern.contains = witness.text;
      knowledge.patterns.push_back(std::move(pattern));
    }
  return knowledge;
}

}  // namespace ngxdiag::pipeline

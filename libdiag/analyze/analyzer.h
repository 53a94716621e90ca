// What an analyzer is: one question, answered from the digest as facts and events.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/analyze/digest.h"
#include "libdiag/model/event.h"
#include "libdiag/model/fact.h"
#include "libdiag/source/evidence.h"

namespace ngxdiag::analyze {

// Who owns what, from rules/data/witnesses.tsv: kind ("zone", "directive", "function", "path",
// "message"), a text (a trailing * matches any rest), and the module's slug.
struct Witness {
  std::string kind, text, slug;
};

// Data that analyzers share; filled by the pipeline from rules/data.
struct Tables {
  std::vector<Witness> witnesses;
  std::map<std::string, double, std::less<>> thresholds;  // rules/data/thresholds.json

  // The slug whose witness of that kind matches `text`, or "". The longest match wins.
  std::string owner(std::string_view kind, std::string_view text) const;
  // Throws std::out_of_range for a name that the file does not have.
  double threshold(std::string_view name) const { return thresholds.at(std::string(name)); }
};

struct AnalyzerInput {
  const Digest& digest;
  const std::vector<model::LinePattern>& patterns;
  const source::Evidence& evidence;
  const source::Instance& instance;
  const Tables& tables;
  const model::FactSet& known;  // facts of the analyzers before this one
};

struct Analyzer {
  std::string_view name;
  std::string_view asks;  // the question in plain words
  const model::FactSpec* specs;
  size_t spec_count;
  void (*run)(const AnalyzerInput&, model::FactSink&, std::vector<model::Event>&);
};

// All analyzers, in the order they run: one may use the facts of those before it.
const std::vector<const Analyzer*>& analyzers();

}  // namespace ngxdiag::analyze

#include "tools/ngxdiag/changes.h"

#include <algorithm>
#include <cmath>

#include "libdiag/base/text.h"
#include "libdiag/render/outline.h"

namespace ngxdiag::tools {
namespace {

// Below this a confidence moves with every line of the log.
constexpr double kNotable = 0.1;

const Trouble* find(const std::vector<Trouble>& all, const Trouble& one) {
  for (const Trouble& trouble : all)
    if (trouble.id == one.id && trouble.instance == one.instance) return &trouble;
  return nullptr;
}

std::string_view word(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::kNew: return "new";
    case Change::Kind::kWorse: return "worse";
    case Change::Kind::kBetter: return "better";
    case Change::Kind::kGone: return "gone";
  }
  return "";
}

}  // namespace

std::vector<Trouble> troubles(const model::Report& report) {
  std::vector<Trouble> out;
  for (const model::Finding& finding : report.findings)
    out.push_back(
        {finding.id, finding.instance, finding.title, finding.severity, finding.confidence});
  for (const model::Symptom& symptom : report.symptoms)
    out.push_back({symptom.id, "", symptom.says, symptom.severity, 1});
  return out;
}

std::vector<Change> compare(const std::vector<Trouble>& before, const std::vector<Trouble>& after) {
  std::vector<Change> out;
  for (const Trouble& now : after) {
    const Trouble* then = find(before, now);
    if (!then) {
      out.push_back({Change::Kind::kNew, now, ""});
    } else if (then->severity != now.severity) {
      out.push_back(
          {now.severity > then->severity ? Change::Kind::kWorse : Change::Kind::kBetter, now,
           std::string(model::severity_name(then->severity)) + " -> " +
               std::string(model::severity_name(now.severity))});
    } else if (std::fabs(now.confidence - then->confidence) >= kNotable) {
      out.push_back(
          {now.confidence > then->confidence ? Change::Kind::kWorse : Change::Kind::kBetter, now,
           render::percent(then->confidence) + " -> " + render::percent(now.confidence)});
    }
  }
  for (const Trouble& then : before)
    if (!find(after, then)) out.push_back({Change::Kind::kGone, then, ""});
  std::stable_sort(out.begin(), out.end(),
                   [](const Change& a, const Change& b) { return a.kind < b.kind; });
  return out;
}

std::string changes_text(const std::vector<Change>& changes) {
  if (changes.empty()) return "  nothing has changed\n";
  std::string out;
  for (const Change& change : changes) {
    std::string label(word(change.kind));
    label.resize(8, ' ');
    out += "  " + label + base::printable(change.trouble.title) + " [" +
           base::printable(change.trouble.id) + "]";
    if (!change.trouble.instance.empty())
      out += " in " + base::printable(change.trouble.instance);
    if (!change.how.empty()) out += " (" + change.how + ")";
    out += "\n";
  }
  return out;
}

}  // namespace ngxdiag::tools

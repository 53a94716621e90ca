// What stands where in a report meant for people: one plan for terminal, Markdown and HTML.
//   findings 0 (cause), 1 (explained by 0), 2 (rival), 3 (advisory), 4 (forecast)
//   -> story 0, others {2}, advisories {3}, forecasts {4}; 1 is part of the story's chain
// Nothing is judged here: order and content come from the report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libdiag/model/report.h"

namespace ngxdiag::render {

// An effect of the story's cause: depth 1 follows from the cause itself, depth 2 from depth 1.
struct Effect {
  size_t depth = 1;
  std::string says;
};

struct Outline {
  const model::Finding* story = nullptr;         // null: nothing that calls for a story
  std::vector<Effect> effects;                   // of the story, in order of telling
  std::vector<const model::Finding*> others;     // rival or further causes
  std::vector<const model::Finding*> forecasts;  // besides the story
  std::vector<const model::Finding*> advisories;
  std::vector<const model::Symptom*> open_symptoms;  // that no finding accounts for
};

// Pointers into `report`, which must outlive it.
Outline outline(const model::Report& report);

// True for the finding that says a cause is open: it blames nobody.
bool undetermined(const model::Finding& finding);

// What follows from the finding or symptom `id`. Ends even when explanations go in a circle.
std::vector<Effect> effects_of(const model::Report& report, const std::string& id);

// Reasons for (weight >= 0) or against, the strongest first, those of equal weight as in the
// report.
std::vector<const model::EvidenceItem*> reasons(const model::Finding& finding, bool speaking_for);

// True for "systemctl status nginx" and false for "the site answers again": a fix may undo or
// verify by a command, which is then shown as one.
bool is_command(std::string_view text);

// How a report line names a place: "error.log:120", "ps", "" when nothing is known.
std::string where(const model::SourceRef& source);

// "nearly certain", "very likely", "likely", "more likely than not", "possible", "unlikely".
std::string_view confidence_words(double confidence);
// "98 %"; never "100 %" and never "0 %".
std::string percent(double confidence);

// What has changed, a line each: the verdict's change first.
//   {"worse", "Workers crash at start (60 % -> 95 %)", "workers-crash"}
struct ChangeLine {
  std::string label, says, id;  // no id: the verdict
};
// Empty when nothing has.
std::vector<ChangeLine> change_lines(const model::Changes& changes, model::Verdict now);
// "What has changed since 2026-04-22T08:45:00+02:00", "The first report".
std::string changes_title(const model::Changes& changes);

// A timeline in which neighbours of one kind are one line:
//   "reload (14 times, until 23:18:16)"
struct Moment {
  std::string day;   // "2026-04-21"; empty when it is the day of the moment before
  std::string hour;  // "23:18:20"
  std::string says;
};
std::vector<Moment> moments(const std::vector<model::TimelineEvent>& timeline, bool fold);

}  // namespace ngxdiag::render

#include <algorithm>
#include <map>

#include "libdiag/analyze/survey_clock.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/message_class.h"
#include "libdiag/render/page.h"
#include "tools/ngxdiag/logs_output.h"
#include "tools/ngxdiag/logs_timeline.h"

namespace ngxdiag::tools {
namespace {

using analyze::Survey;
using analyze::SurveyBucket;
using render::Page;
using render::Style;

constexpr size_t kMessages = 15;
constexpr size_t kGenerations = 8;
constexpr size_t kBursts = 8;
constexpr size_t kNames = 5;
constexpr size_t kIncidents = 8;
constexpr size_t kParts = 5;
constexpr size_t kCountColumns = 9;

std::string padded(std::string text, size_t columns) {
  const size_t has = render::columns(text);
  if (has < columns) text.append(columns - has, ' ');
  return text;
}

std::string right_aligned(int64_t count) {
  std::string out = base::grouped(count);
  return std::string(kCountColumns - std::min(kCountColumns, out.size()), ' ') + out;
}

void and_more(Page& page, size_t all, size_t shown) {
  if (all > shown)
    page.paragraph(2, 2, {{"… and " + std::to_string(all - shown) + " more (--format json)"}});
}

// "1,825 alert, 2,246 error, 1,825 deaths (1,355×11, 470×6), 2 reloads"
std::string remarks(const SurveyBucket& bucket) {
  std::vector<std::string> out;
  for (size_t i = 1; i <= static_cast<size_t>(parse::Level::kWarn); ++i)
    if (bucket.levels[i] > 0)
      out.push_back(base::grouped(bucket.levels[i]) + " " +
                    std::string(parse::level_name(static_cast<parse::Level>(i))));
  if (std::string deaths = deaths_words(bucket.signals); !deaths.empty())
    out.push_back(std::move(deaths));
  if (bucket.reloads > 0) out.push_back(base::plural(bucket.reloads, "reload"));
  return base::join(out, ", ");
}

std::string_view class_title(std::string_view slug) {
  for (const parse::MessageClass& one : parse::message_classes())
    if (one.slug == slug) return one.title;
  return slug;
}

// "3,600 × backends cannot be reached (8 were due)"
std::string part_words(const analyze::LogIncident::Part& part) {
  const auto usual = static_cast<int64_t>(part.usual + 0.5);
  return base::grouped(part.count) + " × " + std::string(class_title(part.name)) +
         (usual > 0 ? " (usual: " + base::grouped(usual) + ")" : " (usual: none)");
}

void show_incidents(Page& page, const Incidents& incidents) {
  if (incidents.empty()) return;
  page.blank();
  page.verbatim(0, "Incidents", Style::kBold);
  for (size_t i = 0; i < std::min(incidents.size(), kIncidents); ++i) {
    const analyze::SurveyIncident& incident = incidents[i];
    const analyze::LogIncident& window = incident.window;
    page.paragraph(2, 4,
                   {{base::format_civil(window.from).substr(0, 16), Style::kRed, true},
                    {"to " + base::format_civil(window.until).substr(0, 16), Style::kRed, true},
                    {"(" + base::format_duration(window.until - window.from) + ")" +
                     (window.from_start ? ", there when the log begins" : "") +
                     (window.to_end ? ", still there at its end" : "")}});
    for (size_t k = 0; k < std::min(window.parts.size(), kParts); ++k)
      page.paragraph(4, 6, {{part_words(window.parts[k])}});
    std::vector<std::string> words;
    if (std::string deaths = deaths_words(incident.signals); !deaths.empty())
      words.push_back(std::move(deaths));
    if (incident.reloads > 0) words.push_back(base::plural(incident.reloads, "reload") + " within");
    if (incident.reload_before)
      words.push_back("a reload at " + base::format_civil(*incident.reload_before).substr(11, 5) +
                      " before");
    if (!words.empty()) page.paragraph(4, 6, {{base::join(words, "; ")}});
    if (!incident.new_messages.empty())
      page.paragraph(4, 6, {{"first seen in it: " + base::join(incident.new_messages, ", ")}});
  }
  if (incidents.size() > kIncidents)
    page.paragraph(
        2, 2,
        {{"… and " + std::to_string(incidents.size() - kIncidents) + " more (--format json)"}});
}

void names(Page& page, std::string_view title,
           const std::vector<analyze::SpaceSaving::Item>& items) {
  if (items.empty()) return;
  page.blank();
  page.verbatim(0, title, Style::kBold);
  for (size_t i = 0; i < std::min(items.size(), kNames); ++i)
    page.clipped(
        0, right_aligned(items[i].count) + (items[i].error > 0 ? " at most, " : " ") + items[i].key,
        Style::kPlain);
}

struct Generation {
  std::optional<base::CivilTime> started;
  int64_t lives = 0, alive = 0, left = 0;
  std::map<int, int64_t> signals;
  std::vector<int64_t> spans;  // of those that died and whose start was seen
};

// "42 lives, 38 deaths (signal 11), half of them within 36 s, 4 without an end in the log"
std::string generation_words(Generation& generation) {
  std::string out =
      generation.lives == 1 ? std::string("1 life") : base::grouped(generation.lives) + " lives";
  if (const std::string deaths = deaths_words(generation.signals); !deaths.empty())
    out += ", " + deaths;
  if (!generation.spans.empty()) {
    const auto middle =
        generation.spans.begin() + static_cast<std::ptrdiff_t>(generation.spans.size() / 2);
    std::nth_element(generation.spans.begin(), middle, generation.spans.end());
    out += ", half of those seen whole within " + base::format_duration(*middle);
  }
  if (generation.left > 0) out += ", " + base::grouped(generation.left) + " left by themselves";
  if (generation.alive > 0)
    out += ", " + base::grouped(generation.alive) + " without an end in the log";
  return out;
}

std::map<int, Generation> generations_of(const Survey& survey) {
  std::map<int, Generation> out;
  for (const auto& worker : survey.workers) {
    if (worker.role == "master process") continue;
    Generation& generation = out[worker.generation];
    ++generation.lives;
    const auto since = worker.started ? worker.started : worker.first;
    if (since && (!generation.started || *since < *generation.started)) generation.started = since;
    const bool died = worker.end.starts_with("signal ");
    if (died)
      ++generation.signals[static_cast<int>(base::parse_int(worker.end.substr(7)).value_or(0))];
    else
      ++(worker.end.empty() ? generation.alive : generation.left);
    if (died && worker.started && worker.ended)
      generation.spans.push_back(*worker.ended - *worker.started);
  }
  return out;
}

void processes(Page& page, const Survey& survey) {
  auto generations = generations_of(survey);
  if (generations.empty()) return;
  page.blank();
  page.verbatim(0, "Processes, by generation of workers", Style::kBold);
  size_t shown = 0;
  for (auto at = generations.rbegin(); at != generations.rend() && shown < kGenerations;
       ++at, ++shown) {
    std::string name = at->first == 0 ? "before the first start in the log"
                                      : "generation " + std::to_string(at->first);
    if (at->second.started)
      name +=
          (at->first == 0 ? ", seen from " : ", from ") + base::format_civil(*at->second.started);
    page.paragraph(2, 4, {{name + ":"}, {generation_words(at->second)}});
  }
  and_more(page, generations.size(), shown);
  if (survey.workers_dropped > 0)
    page.paragraph(2, 2,
                   {{"There were more lives than are kept: lines of others were " +
                     base::grouped(survey.workers_dropped) + "."}});
}

// Bursts that no incident covers.
void bursts(Page& page, const Survey& survey, const Incidents& incidents) {
  std::vector<const analyze::SurveyBurst*> alone;
  for (const auto& burst : survey.bursts) {
    const bool covered = std::any_of(incidents.begin(), incidents.end(), [&](const auto& incident) {
      return burst.from < incident.window.until && burst.until > incident.window.from;
    });
    if (!covered) alone.push_back(&burst);
  }
  if (alone.empty()) return;
  page.blank();
  page.verbatim(0, "Bursts", Style::kBold);
  for (size_t i = 0; i < std::min(alone.size(), kBursts); ++i)
    page.clipped(2,
                 base::format_civil(alone[i]->from).substr(0, 16) + " to " +
                     base::format_civil(alone[i]->until).substr(11, 5) + "  " +
                     base::grouped(alone[i]->count) + " " + alone[i]->what,
                 Style::kPlain);
  and_more(page, alone.size(), kBursts);
}

// Without the time and the writer, which are said beside it.
std::string_view example_words(const analyze::SurveyMessage& message) {
  const auto line = parse::parse_error_line(message.example);
  return line && !line->message.empty() ? line->message : std::string_view(message.example);
}

std::string when_words(const analyze::SurveyMessage& message) {
  if (!message.first) return {};
  const std::string first = base::format_civil(*message.first);
  if (!message.last || *message.last == *message.first) return first;
  const std::string last = base::format_civil(*message.last);
  return first + " to " + (last.substr(0, 10) == first.substr(0, 10) ? last.substr(11) : last);
}

void messages(Page& page, const Survey& survey) {
  if (survey.messages.empty()) return;
  page.blank();
  page.verbatim(0, "Messages", Style::kBold);
  for (size_t i = 0; i < std::min(survey.messages.size(), kMessages); ++i) {
    const auto& message = survey.messages[i];
    const bool serious =
        message.level != parse::Level::kNone && message.level <= parse::Level::kCrit;
    page.paragraph(0, kCountColumns + 8,
                   {{right_aligned(message.count) + " " +
                         padded(std::string(parse::level_name(message.level)), 7) + message.id,
                     serious ? Style::kRed : Style::kPlain, true},
                    {when_words(message), Style::kDim, true}});
    page.clipped(kCountColumns + 8, example_words(message), Style::kDim);
  }
  and_more(page, survey.messages.size(), kMessages);
}

}  // namespace

std::string survey_text(const Survey& survey, const Incidents& incidents, size_t width, bool color,
                        bool interrupted) {
  Page page(width, color);
  if (interrupted)
    page.paragraph(0, 0,
                   {{"Interrupted: this covers only what was read until then.", Style::kYellow}});
  page.paragraph(
      0, 0,
      {{base::grouped(survey.lines) + " lines of " +
        base::plural(static_cast<int64_t>(survey.documents.size()), "log") + ": " +
        base::grouped(survey.identified) + " identified, " + base::grouped(survey.ambiguous) +
        " ambiguous, " + base::grouped(survey.unknown) + " unknown, " +
        base::grouped(survey.continuation) + " continuation" +
        (survey.outside > 0 ? ", " + base::grouped(survey.outside) + " outside the window."
                            : std::string("."))}});
  if (survey.first)
    page.paragraph(
        0, 0,
        {{"From " + base::format_civil(*survey.first) + " to " + base::format_civil(*survey.last) +
          " (" + base::format_duration(*survey.last - *survey.first) + "). " +
          remarks(survey.total)}});
  if (survey.suspect > 0)
    page.paragraph(0, 0,
                   {{base::plural(survey.suspect, "line") +
                         " inside an unfinished record look like records: a client may have forged "
                         "them. They count for nothing.",
                     Style::kYellow}});
  for (const std::string& note : analyze::survey_clock(survey).notes)
    page.paragraph(0, 0, {{note, Style::kYellow}});
  show_incidents(page, incidents);
  show_timeline(page, survey, incidents, width);
  bursts(page, survey, incidents);
  messages(page, survey);
  processes(page, survey);
  const std::string about = survey.involved_approximate ? " (approximate)" : "";
  names(page, "Upstreams most involved" + about, survey.upstreams);
  names(page, "Clients most involved" + about, survey.clients);
  names(page, "Hosts most involved" + about, survey.servers);
  names(page, "Texts that no known message prints", survey.unknown_texts);
  for (const model::Gap& gap : survey.gaps)
    page.paragraph(0, 2, {{"Not read: " + gap.what + ": " + gap.why}});
  return page.take();
}

}  // namespace ngxdiag::tools

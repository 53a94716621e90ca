#include <algorithm>
#include <array>

#include "libdiag/base/text.h"
#include "libdiag/parse/message_class.h"
#include "libdiag/render/page.h"
#include "tools/ngxdiag/logs_output.h"

namespace ngxdiag::tools {
namespace {

using analyze::Survey;
using analyze::SurveyBucket;
using render::Page;
using render::Style;

constexpr size_t kRows = 24;
constexpr size_t kMessages = 15;
constexpr size_t kWorkers = 12;
constexpr size_t kNames = 5;
constexpr size_t kIncidents = 8;
constexpr size_t kParts = 5;
constexpr size_t kTimeColumns = 19;
constexpr size_t kNumberColumns = 34;  // numbers and notes behind the bar

std::string bar(int64_t count, int64_t most, size_t columns) {
  static constexpr std::array<std::string_view, 8> kEighths{"",       "\u258f", "\u258e", "\u258d",
                                                            "\u258c", "\u258b", "\u258a", "\u2589"};
  if (most == 0 || count == 0) return {};
  const int64_t eighths = std::max<int64_t>(1, count * static_cast<int64_t>(columns) * 8 / most);
  std::string out;
  for (int64_t i = 0; i < eighths / 8; ++i) out += "█";
  return out + std::string(kEighths[static_cast<size_t>(eighths % 8)]);
}

std::string padded(std::string text, size_t columns) {
  const size_t has = render::columns(text);
  if (has < columns) text.append(columns - has, ' ');
  return text;
}

int64_t all_lines(const SurveyBucket& bucket) {
  int64_t sum = 0;
  for (const int64_t count : bucket.levels) sum += count;
  return sum;
}

// "3 error, 12 deaths (signal 6), 1 reload"
std::string remarks(const SurveyBucket& bucket) {
  std::vector<std::string> out;
  for (size_t i = 1; i <= static_cast<size_t>(parse::Level::kWarn); ++i)
    if (bucket.levels[i] > 0)
      out.push_back(base::grouped(bucket.levels[i]) + " " +
                    std::string(parse::level_name(static_cast<parse::Level>(i))));
  for (const auto& [number, count] : bucket.signals)
    out.push_back(base::grouped(count) + "×signal " + std::to_string(number));
  if (bucket.reloads > 0) out.push_back(base::plural(bucket.reloads, "reload"));
  return base::join(out, ", ");
}

void timeline(Page& page, const Survey& survey, size_t width) {
  if (survey.buckets.empty()) return;
  const int64_t from = survey.buckets.begin()->first;
  const int64_t span = survey.buckets.rbegin()->first - from + survey.bucket_seconds;
  int64_t step = survey.bucket_seconds;
  while ((span + step - 1) / step > static_cast<int64_t>(kRows)) step *= 2;
  std::vector<SurveyBucket> rows(static_cast<size_t>((span + step - 1) / step));
  for (const auto& [start, bucket] : survey.buckets)
    rows[static_cast<size_t>((start - from) / step)].add(bucket);
  int64_t most = 0;
  for (const SurveyBucket& row : rows) most = std::max(most, all_lines(row));
  const size_t columns =
      width > kTimeColumns + kNumberColumns + 20 ? width - kTimeColumns - kNumberColumns : 20;
  page.blank();
  page.verbatim(0, "Lines per " + base::format_duration(step), Style::kBold);
  for (size_t i = 0; i < rows.size(); ++i) {
    const int64_t lines = all_lines(rows[i]);
    const bool bad = rows[i].serious() > 0;
    page.clipped(2,
                 base::format_civil(from + static_cast<int64_t>(i) * step).substr(0, 16) + " " +
                     padded(bar(lines, most, columns / 2), columns / 2) + " " +
                     padded(base::grouped(lines), 7) + " " + remarks(rows[i]),
                 rows[i].signals.empty() ? bad ? Style::kYellow : Style::kPlain : Style::kRed);
  }
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
    for (const auto& [number, count] : incident.signals)
      words.push_back(base::plural(count, "death") + " by signal " + std::to_string(number));
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
        2,
        padded((items[i].error > 0 ? "≤" : "") + base::grouped(items[i].count), 10) + items[i].key,
        Style::kPlain);
}

void processes(Page& page, const Survey& survey) {
  std::vector<const analyze::SurveyWorker*> dead;
  int64_t alive = 0;
  for (const auto& worker : survey.workers) {
    if (worker.end.starts_with("signal") || worker.end.starts_with("fatal"))
      dead.push_back(&worker);
    alive += worker.end.empty();
  }
  if (survey.workers.empty()) return;
  page.blank();
  page.verbatim(0, "Processes", Style::kBold);
  page.paragraph(2, 2,
                 {{base::plural(static_cast<int64_t>(survey.workers.size()), "life") == "1 life"
                       ? "1 life"
                       : base::grouped(static_cast<int64_t>(survey.workers.size())) + " lives"},
                  {"seen, " + base::plural(survey.generations, "generation") + " started, " +
                   base::grouped(static_cast<int64_t>(dead.size())) + " died, " +
                   base::grouped(alive) + " without an end in the log."}});
  for (size_t i = 0; i < std::min(dead.size(), kWorkers); ++i) {
    const auto& worker = *dead[i];
    std::string text = padded(std::to_string(worker.pid), 9) + worker.role + ", generation " +
                       std::to_string(worker.generation) + ", ";
    if (worker.started && worker.ended)
      text += "lived " + base::format_duration(*worker.ended - *worker.started) + ", ";
    text += worker.end;
    if (worker.ended) text += " at " + base::format_civil(*worker.ended);
    page.clipped(2, text, Style::kPlain);
  }
  if (dead.size() > kWorkers)
    page.paragraph(2, 2,
                   {{"… and " + std::to_string(dead.size() - kWorkers) + " more (--format json)"}});
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
  if (survey.clock_back > 0)
    page.paragraph(
        0, 0,
        {{"The clock goes back by more than a minute, " + base::plural(survey.clock_back, "time") +
          ": a changed clock, the end of summer time, or logs out of order."}});
  show_incidents(page, incidents);
  timeline(page, survey, width);
  if (!survey.bursts.empty()) {
    page.blank();
    page.verbatim(0, "Bursts", Style::kBold);
    for (const auto& burst : survey.bursts)
      page.clipped(2,
                   base::format_civil(burst.from) + " to " + base::format_civil(burst.until) +
                       "  " + base::grouped(burst.count) + " " + burst.what,
                   Style::kPlain);
  }
  if (!survey.messages.empty()) {
    page.blank();
    page.verbatim(0, "Messages", Style::kBold);
  }
  for (size_t i = 0; i < std::min(survey.messages.size(), kMessages); ++i) {
    const auto& message = survey.messages[i];
    page.clipped(2,
                 padded(base::grouped(message.count), 10) +
                     padded(std::string(parse::level_name(message.level)), 7) + message.id,
                 Style::kPlain);
    if (message.first)
      page.clipped(12,
                   base::format_civil(*message.first) +
                       (message.last ? " to " + base::format_civil(*message.last) : std::string()),
                   Style::kDim);
    page.clipped(12, message.example, Style::kDim);
  }
  if (survey.messages.size() > kMessages)
    page.paragraph(2, 2,
                   {{"… and " + std::to_string(survey.messages.size() - kMessages) +
                     " more (--format json)"}});
  processes(page, survey);
  names(page, "Upstreams most involved", survey.upstreams);
  names(page, "Clients most involved", survey.clients);
  names(page, "Hosts most involved", survey.servers);
  names(page, "Texts that no known message prints", survey.unknown_texts);
  for (const model::Gap& gap : survey.gaps)
    page.paragraph(0, 2, {{"Not read: " + gap.what + ": " + gap.why}});
  return page.take();
}

}  // namespace ngxdiag::tools

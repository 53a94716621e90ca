// ngxdiag logs: forensics of error logs in one pass.
#include <csignal>

#include "libdiag/analyze/log_survey.h"
#include "libdiag/base/builtin_data.h"
#include "libdiag/base/error.h"
#include "libdiag/base/limits.h"
#include "libdiag/base/text.h"
#include "libdiag/json/dump.h"
#include "libdiag/pipeline/knowledge.h"
#include "libdiag/source/loose.h"
#include "tools/ngxdiag/clock.h"
#include "tools/ngxdiag/logs_output.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/progress.h"
#include "tools/ngxdiag/when.h"

#include <unistd.h>

#include <cstdlib>

namespace ngxdiag::tools {
namespace {

constexpr int64_t kAroundSeconds = 600;
constexpr size_t kWidth = 100;

volatile std::sig_atomic_t g_interrupted = 0;

std::string one_of(const CommandLine& line, std::string_view option, std::string fallback,
                   const std::vector<std::string>& allowed) {
  const std::string value = line.value(option).value_or(std::move(fallback));
  for (const std::string& name : allowed)
    if (name == value) return value;
  throw base::UserError("unknown value " + base::printable(value), "--" + std::string(option), {},
                        "one of: " + base::join(allowed, ", "), "see: ngxdiag logs --help");
}

// The first ends the pass and gives what was found until then; a second one ends the program.
void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { g_interrupted = 1; };
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

Manual logs_manual() {
  return {
      .name = "ngxdiag logs",
      .synopsis = {"[OPTION]... FILE..."},
      .paragraphs =
          {"Says what error logs hold: how many lines of which level and cause when, incidents "
           "(where "
           "the rate changed) and bursts, the most "
           "frequent messages with their ids and an example, the lives of processes, and the "
           "upstreams, clients and hosts most involved. Every line is accounted for.",
           "FILE is a log, a directory, an archive, or - (standard input); compressed files and "
           "framed logs (syslog, journal, docker, CRI) are read as they are. Rotated sets are put "
           "in the order of their times.",
           "A time is '2026-04-21 23:18', 23:18 (of the day of --now), '2h ago', today or "
           "yesterday, on the clock of the host that wrote the log."},
      .options = {{"since", 0, "TIME", "lines of TIME and later"},
                  {"until", 0, "TIME", "lines before TIME"},
                  {"around", 0, "TIME", "ten minutes before TIME to ten minutes after it"},
                  {"format", 'f', "FORMAT", "text (default) or json", "text json"},
                  {"events", 0, "ndjson", "instead of a summary, every record as a line of JSON",
                   "ndjson"},
                  {"threads", 0, "COUNT", "how many to use (default: one for each processor)"},
                  {"now", 0, "TIME", "what relative times are counted from"},
                  {"progress", 0, "",
                   "say on standard error how far it is, also when that is no terminal"},
                  {"color", 0, "WHEN", "auto, always or never", "auto always never"},
                  {"help", 'h', "", "print this help"}},
      .sections = {},
      .exit_status = {"0   something was read",
                      "3   no error log to read, or interrupted: the part read is told",
                      "64  wrong request", "70  internal error of ngxdiag"},
      .examples = {{"ngxdiag logs /var/log/nginx/error.log*", "the whole rotated set"},
                   {"ngxdiag logs --around '2026-04-21 23:18' error.log", "an incident"},
                   {"ngxdiag logs --events ndjson error.log | jq -r .id", "for programs"}},
  };
}

int run_logs(const Arguments& arguments) {
  const Manual page = logs_manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  if (asked_for_help(line, page)) return kOk;
  if (line.rest().empty())
    throw base::UserError("which logs?", line.program(), {}, {}, "see: ngxdiag logs --help");
  const std::string format = one_of(line, "format", "text", {"text", "json"});
  const std::string color = one_of(line, "color", "auto", {"auto", "always", "never"});
  const bool events = line.has("events") && !one_of(line, "events", "", {"ndjson"}).empty();
  unsigned threads = 0;
  if (const auto text = line.value("threads")) {
    const auto number = base::parse_int(*text);
    if (!number || *number < 1 || *number > 64)
      throw base::UserError("no number of threads: " + base::printable(*text), "--threads", {},
                            "give a number from 1 to 64");
    threads = static_cast<unsigned>(*number);
  }
  const Now clock = line.has("now") ? parse_now(*line.value("now")) : now();
  std::optional<base::CivilTime> since, until;
  if (const auto text = line.value("since")) since = parse_when(*text, clock.civil, "--since");
  if (const auto text = line.value("until")) until = parse_when(*text, clock.civil, "--until");
  if (const auto text = line.value("around")) {
    if (since || until)
      throw base::UserError("--around does not go together with --since and --until",
                            line.program());
    const base::CivilTime middle = parse_when(*text, clock.civil, "--around");
    since = middle - kAroundSeconds;
    until = middle + kAroundSeconds;
  }

  std::vector<source::LooseInput> inputs;
  for (const std::string& path : line.rest()) inputs.push_back({path, std::nullopt});
  source::Evidence evidence = source::gather_loose(inputs, clock.civil, host_name());
  std::vector<source::Document>& documents = evidence.instances.front().documents;
  if (documents.size() > 1) analyze::order_by_time(documents);

  std::string pending;
  const auto on_event = [&pending](const analyze::SurveyEvent& event) {
    pending += event_line(event);
    if (pending.size() > base::kChunk) {
      print(pending);
      pending.clear();
    }
  };
  analyze::LogSurvey survey(since, until, events ? analyze::LogSurvey::OnEvent(on_event) : nullptr,
                            threads);
  catch_interrupts();
  bool whole = true;
  {
    Progress progress(::isatty(STDERR_FILENO) == 1 ? Progress::To::kTerminal
                      : line.has("progress")       ? Progress::To::kLines
                                                   : Progress::To::kNobody,
                      expected_bytes(line.rest()));
    for (const source::Document& document : documents) {
      whole = survey.add(document, [&](int64_t bytes) {
        progress.at(bytes);
        return g_interrupted == 0;
      });
      if (!whole) break;
    }
  }
  analyze::Survey result = survey.finish();
  for (model::Gap& gap : evidence.gaps) result.gaps.push_back(std::move(gap));
  const Incidents incidents = analyze::survey_incidents(
      result, pipeline::read_thresholds(base::builtin_data("thresholds.json"),
                                        "rules/data/thresholds.json"));
  if (events) {
    print(pending);
    if (!whole) complain("ngxdiag logs: interrupted: the events are not all\n");
  } else if (format == "json") {
    print(json::dump(survey_json(result, incidents, !whole)) + "\n");
  } else {
    const bool colored = color == "always" || (color == "auto" && stdout_is_terminal() &&
                                               std::getenv("NO_COLOR") == nullptr);
    const size_t columns = terminal_columns();
    print(survey_text(result, incidents, columns > 0 ? columns : kWidth, colored, !whole));
  }
  return result.lines > 0 && whole ? kOk : kUnknown;
}

}  // namespace ngxdiag::tools

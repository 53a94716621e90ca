// ngxdiag report: the scheduled health report, with its history and what has changed.
#include <algorithm>
#include <chrono>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/history/store.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/render/html.h"
#include "libdiag/render/terminal.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/report_options.h"
#include "tools/ngxdiag/report_summary.h"
#include "tools/ngxdiag/sendmail.h"

namespace ngxdiag::tools {
namespace {

constexpr int64_t kMostDays = 36500, kMostReports = 1000000000;
constexpr size_t kMailColumns = 76;

const std::vector<Option> kReportOptions = {
    {"history", 0, "FILE",
     "remember the report in FILE, and say what has changed since the one before"},
    {"keep-days", 0, "DAYS", "forget reports older than this (default: 90; 0: none)"},
    {"keep-count", 0, "COUNT", "keep at most so many reports of this host (default: any number)"},
    {"summary", 0, "PERIOD",
     "look at nothing: print what the reports of the last 7d, 24h, 4w ... say"},
};

int64_t number(const CommandLine& line, std::string_view option, int64_t usual, int64_t most) {
  const auto text = line.value(option);
  if (!text) return usual;
  const auto value = base::parse_int(*text);
  if (!value || *value < 0 || *value > most)
    throw base::UserError("--" + std::string(option) + ": not a number from 0 to " +
                              std::to_string(most) + ": " + base::printable(*text),
                          line.program(), {}, {}, "see: ngxdiag report --help");
  return *value;
}

// Notes come and go with what clients do: they alone are no news.
bool news(const model::Report& report) {
  if (!report.changes || report.changes->since.empty()) return true;
  const auto& items = report.changes->items;
  return report.changes->verdict_before != report.verdict ||
         std::any_of(items.begin(), items.end(), [](const model::Change& change) {
           return change.severity > model::Severity::kInfo;
         });
}

// Compares with the history and adds the report to it.
void remember(const std::string& file, base::CivilTime now, const history::Retention& retention,
              model::Report& report) {
  history::Store store(file, history::Store::Use::kWrite);
  const auto before = store.add(report, now, retention);
  report.changes = before ? history::compare(*before, history::to_past(report)) : model::Changes{};
}

render::Mail mail_of(const model::Report& report) {
  const std::string host = report.host.empty() ? "the given evidence" : report.host;
  return {.to = {},
          .subject = "[ngxdiag] " + host + ": nginx is " +
                     std::string(model::verdict_name(report.verdict)) + ": " + report.summary,
          .text = render::render_terminal(report, {.width = kMailColumns}),
          .attachments = {{"report.html", "text/html", render::render_html(report)}}};
}

}  // namespace

Manual report_manual() {
  return {
      .name = "ngxdiag report",
      .synopsis = {"[OPTION]... [FILE]...", "--summary PERIOD --history FILE [OPTION]..."},
      .paragraphs =
          {"Diagnoses this host, or the files given, as scan does, and with --history says what "
           "is new, worse, better or gone since the last report of the same host. Made for a "
           "timer or cron: with --quiet nothing is printed when nothing but notes has changed.",
           "Nothing is written but what is asked for: the files of --output, each replaced in one "
           "step, and the history, a database that several reports may use at once. A history "
           "that cannot be used is an error and stays as it is; the report is written all the "
           "same.",
           "Metrics (--output prometheus=FILE) hold how long the scan took, unless --now is "
           "given."},
      .options =
          join({kReportOptions, kMailOptions, kEvidenceOptions, kOutputOptions, kRuleOptions}),
      .sections = {},
      .exit_status = kVerdictStatus,
      .examples = {{"ngxdiag report --history /var/lib/ngxdiag/history.sqlite",
                    "what is new on this host"},
                   {"ngxdiag report --quiet --output html=report.html --output json=report.json",
                    "several formats at once"},
                   {"ngxdiag report --summary 7d --history history.sqlite --mail-to root",
                    "once a week"}},
  };
}

int run_report(const Arguments& arguments) {
  const Manual page = report_manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  if (asked_for_help(line, page)) return kOk;
  const history::Retention retention{number(line, "keep-days", 90, kMostDays),
                                     number(line, "keep-count", 0, kMostReports)};
  const auto file = line.value("history");
  if (!file && (line.has("keep-days") || line.has("keep-count")))
    throw base::UserError("keep what?", line.program(), {}, {}, "add --history FILE");
  const Mailer mailer(line);
  if (line.has("summary")) return run_summary(line, mailer);
  const Outputs outputs(line);
  const auto begun = std::chrono::steady_clock::now();
  const RuleFiles rules(line.values("rules"));
  const pipeline::Knowledge knowledge = pipeline::load_knowledge(rules.extra());
  const Gathered gathered = gather(line, line.rest());
  model::Report report = pipeline::diagnose(gathered.evidence, knowledge, pipeline_options(line));
  report.generated = gathered.now.rfc3339;
  // With --now the same evidence gives the same bytes: how long it took is left out.
  if (!line.has("now"))
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  // What fails is said at the end: each of the others is done all the same.
  std::optional<base::UserError> trouble;
  const auto attempt = [&](auto action) {
    try {
      action();
    } catch (const base::UserError& error) {
      if (!trouble) trouble = error;
    }
  };
  attempt([&] {
    if (file) remember(*file, gathered.now.civil, retention, report);
  });
  const bool speak = news(report);
  attempt([&] { outputs.deliver(report, speak || !line.has("quiet")); });
  attempt([&] {
    if (mailer.wanted() && (speak || !mailer.only_changes())) mailer.send(mail_of(report));
  });
  if (trouble) throw base::UserError(*trouble);
  return outputs.exit_code(report);
}

}  // namespace ngxdiag::tools

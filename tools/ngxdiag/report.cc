// ngxdiag report: the scheduled health report, with its history and what has changed.
#include <chrono>
#include <filesystem>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/render/html.h"
#include "libdiag/render/json.h"
#include "libdiag/render/markdown.h"
#include "libdiag/render/prometheus.h"
#include "tools/ngxdiag/history.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/report_options.h"

namespace ngxdiag::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "/var/lib/ngxdiag";
constexpr int64_t kKeepDays = 90, kMostDays = 36500;

const std::vector<Option> kReportOptions = {
    {"dir", 0, "DIR", "write the report and its history there (default: /var/lib/ngxdiag)"},
    {"metrics", 0, "FILE", "write the metrics to FILE as well, for a textfile collector"},
    {"keep", 0, "DAYS", "keep the history of so many days (default: 90; 0: all)"},
    {"quiet", 'q', "", "print nothing when nothing has changed"},
    {"exit-zero", 0, "", "exit with 0 where it would be 1, 2 or 3"},
};

Manual manual() {
  return {
      .name = "ngxdiag report",
      .synopsis = {"[OPTION]... [FILE]..."},
      .paragraphs = {"Diagnoses this host (or the files given), writes the report in several "
                     "formats to a folder, and prints what is new, worse, better or gone since "
                     "the last report of the same host. Made for a timer: see "
                     "packaging/systemd/ngxdiag-report.timer.",
                     "Each file is replaced in one step. The folder is made, for its owner and "
                     "group alone, when it is not there: a report quotes log lines."},
      .options = join({kReportOptions, kEvidenceOptions, kRuleOptions}),
      .sections = {{"FILES",
                    {"report.html  one self-contained page", "report.md  for tickets and chat",
                     "report.json  for programs", "ngxdiag.prom  metrics for Prometheus",
                     "changes.txt  what has changed since the report before",
                     "history.db  past reports (SQLite)"}}},
      .exit_status = kVerdictStatus,
      .examples = {{"ngxdiag report", "from a timer, as root"},
                   {"ngxdiag report --metrics "
                    "/var/lib/prometheus/node-exporter/ngxdiag.prom --quiet",
                    "with metrics; speaks only of changes"}},
  };
}

int64_t keep_days(const CommandLine& line) {
  const auto text = line.value("keep");
  if (!text) return kKeepDays;
  const auto days = base::parse_int(*text);
  if (!days || *days < 0 || *days > kMostDays)
    throw base::UserError("--keep: not a number of days: " + base::printable(*text), line.program(),
                          {}, {}, "write for example --keep 30, or 0 to keep all");
  return *days;
}

void make_folder(const std::string& folder, const CommandLine& line) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return;
  fs::create_directories(folder, error);
  if (!error)
    fs::permissions(folder, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec,
                    error);
  if (error)
    throw base::UserError("cannot make the folder " + base::printable(folder), line.program(), {},
                          error.message(), "run it as root, or name another folder with --dir");
}

std::string changes_since(const std::optional<PastReport>& before, const model::Report& report,
                          bool& changed) {
  changed = true;
  if (!before) return "This is the first report.\n";
  const std::vector<Change> changes = compare(before->troubles, troubles(report));
  const std::string verdict(model::verdict_name(report.verdict));
  changed = !changes.empty() || before->verdict != verdict;
  std::string out = "Since " + base::printable(before->generated) + ":\n";
  if (before->verdict != verdict)
    out += "  verdict " + base::printable(before->verdict) + " -> " + verdict + "\n";
  if (!changes.empty() || !changed) out += changes_text(changes);
  return out;
}

int exit_code(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::kOk: return kOk;
    case model::Verdict::kWarning: return kWarning;
    case model::Verdict::kCritical: return kCritical;
    case model::Verdict::kUnknown: return kUnknown;
  }
  return kUnknown;
}

}  // namespace

int run_report(const Arguments& arguments) {
  const Manual page = manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  if (asked_for_help(line, page)) return kOk;
  const int64_t keep = keep_days(line);
  const std::string folder = line.value("dir").value_or(kFolder);
  const auto begun = std::chrono::steady_clock::now();
  const RuleFiles rules(line.values("rules"));
  const pipeline::Knowledge knowledge = pipeline::load_knowledge(rules.extra());
  const Gathered gathered = gather(line, line.rest());
  model::Report report = pipeline::diagnose(gathered.evidence, knowledge, pipeline_options(line));
  report.generated = gathered.now.rfc3339;
  // With --now the same evidence gives the same bytes: how long it took is left out.
  std::optional<double> seconds;
  if (!line.has("now"))
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const std::string metrics = render::render_prometheus(report, seconds);
  make_folder(folder, line);
  write_file(folder + "/report.html", render::render_html(report));
  write_file(folder + "/report.md", render::render_markdown(report));
  write_file(folder + "/report.json", render::render_json(report));
  write_file(folder + "/ngxdiag.prom", metrics);
  if (const auto file = line.value("metrics")) write_file(*file, metrics);
  // The history comes last: when it is damaged, the report is there all the same.
  History history(folder + "/history.db");
  bool changed = false;
  const auto before = history.add(report, gathered.now.civil, keep);
  const std::string changes = changes_since(before, report, changed);
  write_file(folder + "/changes.txt", changes);
  if (changed || !line.has("quiet"))
    print("nginx is " + std::string(model::verdict_name(report.verdict)) + ": " +
          base::printable(report.summary) + "\n" + changes + "The report: " +
          base::printable(folder) + "/report.html\n");
  return line.has("exit-zero") ? kOk : exit_code(report.verdict);
}

}  // namespace ngxdiag::tools

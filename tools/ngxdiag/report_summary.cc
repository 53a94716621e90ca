#include "tools/ngxdiag/report_summary.h"

#include <algorithm>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/history/store.h"
#include "libdiag/render/summary.h"
#include "tools/ngxdiag/clock.h"
#include "tools/ngxdiag/output.h"

namespace ngxdiag::tools {
namespace {

constexpr size_t kColumns = 80, kMailColumns = 76;

struct Format {
  const char* name;
  std::string (*render)(const model::Summary&);
};
constexpr Format kFormats[] = {
    {"terminal",
     [](const model::Summary& summary) { return render::summary_text(summary, kColumns); }},
    {"markdown", render::summary_markdown},
    {"json", render::summary_json},
};

const Format& format_of(std::string_view option, const std::string& name) {
  for (const Format& format : kFormats)
    if (name == format.name) return format;
  throw base::UserError(std::string(option) + ": no summary in the format " + base::printable(name),
                        "ngxdiag report", {}, {}, "one of: terminal, markdown, json");
}

// "7d", "24h", "4w", "1h 30m" in seconds, as nginx writes times.
int64_t period(const std::string& text) {
  const auto seconds = base::parse_seconds(text);
  if (!seconds || *seconds <= 0)
    throw base::UserError("--summary: not a stretch of time: " + base::printable(text),
                          "ngxdiag report", {}, {}, "write for example --summary 7d");
  return *seconds;
}

}  // namespace

int run_summary(const CommandLine& line, const Mailer& mailer) {
  const auto file = line.value("history");
  if (!file)
    throw base::UserError("--summary: of which history?", line.program(), {}, {},
                          "add --history FILE");
  if (!line.rest().empty())
    throw base::UserError("--summary looks at the history alone", line.program(), {}, {},
                          "leave out " + base::printable(line.rest().front()));
  const int64_t seconds = period(*line.value("summary"));
  const Format& shown = format_of("--format", line.value("format").value_or("terminal"));
  std::vector<std::pair<const Format*, std::string>> files;
  for (const std::string& pair : line.values("output")) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals + 1 == pair.size())
      throw base::UserError("--output: not FORMAT=FILE: " + base::printable(pair), line.program(),
                            {}, {}, "write for example --output json=/var/lib/ngxdiag/week.json");
    files.emplace_back(&format_of("--output", pair.substr(0, equals)), pair.substr(equals + 1));
  }
  const auto given = line.value("now");
  const base::CivilTime until = (given ? parse_now(*given) : now()).civil;
  history::Store store(*file, history::Store::Use::kRead);
  const model::Summary summary =
      store.summary(line.value("host").value_or(""), until - seconds, until);
  const bool on_stdout = std::any_of(files.begin(), files.end(),
                                     [](const auto& target) { return target.second == "-"; });
  if (!on_stdout && !line.has("quiet")) print(shown.render(summary));
  for (const auto& [format, path] : files) write_file(path, format->render(summary));
  if (mailer.wanted())
    mailer.send({.to = {},
                 .subject = "[ngxdiag] " + (summary.host.empty() ? "nginx" : summary.host) +
                            ": the last " + *line.value("summary"),
                 .text = render::summary_text(summary, kMailColumns),
                 .attachments = {}});
  if (line.has("exit-zero")) return kOk;
  if (summary.spans.empty()) return kUnknown;
  switch (summary.spans.back().verdict) {
    case model::Verdict::kOk: return kOk;
    case model::Verdict::kWarning: return kWarning;
    case model::Verdict::kCritical: return kCritical;
    case model::Verdict::kUnknown: return kUnknown;
  }
  return kUnknown;
}

}  // namespace ngxdiag::tools

#include "tools/ngxdiag/report_options.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/render/html.h"
#include "libdiag/render/json.h"
#include "libdiag/render/junit.h"
#include "libdiag/render/markdown.h"
#include "libdiag/render/nagios.h"
#include "libdiag/render/prometheus.h"
#include "libdiag/render/sarif.h"
#include "libdiag/render/terminal.h"
#include "libdiag/source/host.h"
#include "libdiag/source/loose.h"
#include "tools/ngxdiag/known_troubles.h"
#include "tools/ngxdiag/output.h"

namespace ngxdiag::tools {
namespace {

// What --format and --output know besides the terminal, which has options of its own. One line
// registers a renderer.
struct Format {
  const char* name;
  std::string (*render)(const model::Report&);
};
constexpr Format kRenderers[] = {
    {"html", render::render_html},     {"json", render::render_json},
    {"junit", render::render_junit},   {"markdown", render::render_markdown},
    {"nagios", render::render_nagios}, {"prometheus", render::render_prometheus},
    {"sarif", render::render_sarif},
};

const std::vector<std::string> kFormats = [] {
  std::vector<std::string> names = {"terminal"};
  for (const Format& format : kRenderers) names.emplace_back(format.name);
  return names;
}();
const std::string kFormatWords = base::join(kFormats, " ");
const std::string kKindWords = [] {
  std::vector<std::string> kinds;
  for (const model::KindName& entry : model::kKindNames)
    if (!entry.name.empty()) kinds.emplace_back(entry.name);
  return base::join(kinds, " ");
}();
const std::vector<std::string> kColors = {"auto", "always", "never"};
const std::vector<std::string> kSeverities = {"info", "warning", "critical"};

// Lines of prose longer than this are hard to read, however wide the terminal is.
constexpr size_t kWidest = 100, kNarrowest = 40, kUsual = 80;

std::string one_of(const std::string& option, const std::string& given,
                   const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), given) != known.end()) return given;
  const std::string near = base::closest(given, known);
  throw base::UserError(option + ": unknown value " + base::printable(given), "ngxdiag", {},
                        near.empty() ? "" : "did you mean " + near + "?",
                        "one of: " + base::join(known, ", "));
}

std::optional<int64_t> number(const CommandLine& line, std::string_view name, int64_t least) {
  const auto text = line.value(name);
  if (!text) return std::nullopt;
  const auto value = base::parse_int(*text);
  if (!value || *value < least)
    throw base::UserError("--" + std::string(name) + ": not a number of at least " +
                              std::to_string(least) + ": " + base::printable(*text),
                          line.program(), {}, {}, "see: " + line.program() + " --help");
  return value;
}

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value && *value ? value : nullptr;
}

std::vector<source::LooseInput> loose_inputs(const CommandLine& line,
                                             const std::vector<std::string>& files) {
  std::vector<source::LooseInput> inputs;
  for (const std::string& path : files) inputs.push_back({path, std::nullopt});
  for (const std::string& pair : line.values("as")) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals + 1 == pair.size())
      throw base::UserError("--as: not KIND=FILE: " + base::printable(pair), line.program(), {}, {},
                            "write for example --as error_log=/tmp/paste.txt");
    std::vector<std::string> kinds;
    for (const model::KindName& entry : model::kKindNames)
      if (!entry.name.empty()) kinds.emplace_back(entry.name);
    const std::string kind = one_of("--as", pair.substr(0, equals), kinds);
    inputs.push_back({pair.substr(equals + 1), model::kind_by_name(kind)});
  }
  return inputs;
}

}  // namespace

const std::vector<Option> kEvidenceOptions = {
    {"as", 0, "KIND=FILE",
     "look at FILE, which is a KIND (error_log, config, ps, kernel, acme, ...)", kKindWords},
    {"root", 0, "DIR", "look at a captured tree with host paths below DIR"},
    {"pid", 0, "MASTER", "on the live host look at this nginx master alone"},
    {"no-probe", 0, "", "make no TLS handshake with this host's own sockets"},
    {"now", 0, "TIME", "the time of the evidence's host: RFC 3339, or '2026-04-22 09:00:00'"},
    {"host", 0, "NAME", "the host's name in the report"},
};

const std::vector<Option> kOutputOptions = {
    {"format", 'f', "FORMAT",
     "terminal (default), html, json, junit, markdown, nagios, prometheus or sarif", kFormatWords},
    {"output", 'o', "FORMAT=FILE",
     "write the report to FILE as well (- is standard output); may be repeated", kFormatWords},
    {"color", 0, "WHEN", "auto (default), always or never; NO_COLOR is respected",
     "auto always never"},
    {"width", 0, "COLUMNS", "wrap text at COLUMNS (default: the terminal, at most 100)"},
    {"quiet", 'q', "", "on the terminal print the verdict line alone"},
    {"verbose", 'v', "",
     "all evidence with weights and log lines, all candidates, the whole timeline"},
    {"fail-on", 0, "SEVERITY",
     "exit with 1 or 2 from this severity on: info, warning (default) or critical",
     "info warning critical"},
    {"exit-zero", 0, "", "exit with 0 where it would be 1, 2 or 3"},
};

const std::vector<Option> kRuleOptions = {
    {"rules", 0, "DIR",
     "add the rules below DIR (after the built-in ones and /etc/ngxdiag/rules.d)"},
    {"only", 0, "ID", "only this rule or component; may be repeated"},
    {"skip", 0, "ID", "not this rule or component; may be repeated"},
    {"suppress", 0, "FILE", "findings known already, each with a reason (docs/suppressions.md)"},
    {"baseline", 0, "FILE", "an earlier JSON report: what it says is known already"},
    {"help", 'h', "", "print this help"},
};

std::vector<Option> join(const std::vector<std::vector<Option>>& tables) {
  std::vector<Option> out;
  for (const auto& table : tables) out.insert(out.end(), table.begin(), table.end());
  return out;
}

Gathered gather(const CommandLine& line, const std::vector<std::string>& files) {
  Gathered out;
  const auto given = line.value("now");
  out.now = given ? parse_now(*given) : now();
  const auto inputs = loose_inputs(line, files);
  const auto root = line.value("root");
  const auto pid = number(line, "pid", 1);
  if (root && !inputs.empty())
    throw base::UserError("--root and files at once", line.program(), {}, "a report is of one host",
                          "give either a captured tree or files");
  if (pid && (root || !inputs.empty()))
    throw base::UserError("--pid is for the live host", line.program(), {}, {},
                          "leave out the files, or --pid");
  // Files do not say whose they are: naming this machine would be a guess.
  std::string host = line.value("host").value_or("");
  if (!inputs.empty()) {
    out.evidence = source::gather_loose(inputs, out.now.civil, host);
  } else if (root) {
    std::error_code error;
    if (!std::filesystem::is_directory(*root, error))
      throw base::UserError("--root: no such directory: " + base::printable(*root), line.program(),
                            {}, {}, "name the directory below which the captured host's paths lie");
    out.evidence = source::gather_root(*root, out.now.civil, host);
  } else {
    source::HostOptions options;
    options.now = out.now.civil;
    options.host = host.empty() ? host_name() : host;
    options.only_pid = pid.value_or(0);
    options.probe = !line.has("no-probe");
    out.evidence = source::gather_host(options);
    if (pid && out.evidence.instances.empty())
      throw base::UserError("--pid: no nginx master is process " + std::to_string(*pid),
                            line.program(), {}, {}, "see: ps -C nginx -o pid,args");
  }
  constexpr size_t kLocalTime = 19;  // "2026-04-22T09:00:00", the offset follows
  if (out.now.rfc3339.size() > kLocalTime) out.evidence.zone = out.now.rfc3339.substr(kLocalTime);
  return out;
}

Outputs::Outputs(const CommandLine& line) : Outputs(line, kFormats) {}

Outputs::Outputs(const CommandLine& line, std::vector<std::string> formats) {
  quiet_ = line.has("quiet");
  verbose_ = line.has("verbose");
  exit_zero_ = line.has("exit-zero");
  color_ = one_of("--color", line.value("color").value_or("auto"), kColors);
  fail_on_ = *model::severity_by_name(
      one_of("--fail-on", line.value("fail-on").value_or("warning"), kSeverities));
  width_ = static_cast<size_t>(number(line, "width", kNarrowest).value_or(0));
  if (width_ == 0) {
    const char* columns = environment("COLUMNS");
    width_ = columns
                 ? static_cast<size_t>(std::max<int64_t>(base::parse_int(columns).value_or(0), 0))
                 : 0;
    if (width_ == 0) width_ = terminal_columns();
    width_ = width_ == 0 ? kUsual : std::clamp(width_, kNarrowest, kWidest);
  }
  bool on_stdout = false;
  for (const std::string& pair : line.values("output")) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals + 1 == pair.size())
      throw base::UserError("--output: not FORMAT=FILE: " + base::printable(pair), line.program(),
                            {}, {}, "write for example --output json=/var/lib/ngxdiag/report.json");
    Target target{one_of("--output", pair.substr(0, equals), formats), pair.substr(equals + 1)};
    if (target.file == "-" && std::exchange(on_stdout, true))
      throw base::UserError("two reports for standard output", line.program(), {}, {},
                            "give one of them a file");
    targets_.push_back(std::move(target));
  }
  const auto format = line.value("format");
  if (format && on_stdout)
    throw base::UserError("--format and --output " + *format + "=- both print on standard output",
                          line.program(), {}, {}, "leave out one of them");
  if (!on_stdout)
    targets_.push_back({one_of("--format", format.value_or(formats.front()), formats), "-"});
}

Outputs::Style Outputs::style(bool to_stdout) const {
  const char* term = environment("TERM");
  const bool able = to_stdout && stdout_is_terminal() && !environment("NO_COLOR") && term &&
                    std::string_view(term) != "dumb";
  return {.terminal = {.width = width_,
                       .color = color_ == "always" || (color_ == "auto" && able),
                       .verbose = verbose_},
          .quiet = quiet_ && to_stdout};
}

void Outputs::deliver(const Render& render, bool speak) const {
  // One file that cannot be written does not keep the others from being so.
  std::optional<base::UserError> trouble;
  for (const Target& target : targets_) {
    if (!speak && target.file == "-") continue;
    try {
      write_file(target.file, render(target.format, style(target.file == "-")));
    } catch (const base::UserError& error) {
      if (!trouble) trouble = error;
    }
  }
  if (trouble) throw base::UserError(*trouble);
}

void Outputs::deliver(const model::Report& report, bool speak) const {
  const Render render = [&](const std::string& format, const Style& style) {
    for (const Format& known : kRenderers)
      if (format == known.name) return known.render(report);
    return style.quiet ? render::render_verdict(report, style.terminal)
                       : render::render_terminal(report, style.terminal);
  };
  deliver(render, speak);
}

int Outputs::exit_code(const model::Report& report) const {
  return exit_code(report.verdict, !report.findings.empty());
}

int Outputs::exit_code(model::Verdict verdict, bool any_finding) const {
  if (exit_zero_) return kOk;
  switch (verdict) {
    case model::Verdict::kOk:
      return fail_on_ == model::Severity::kInfo && any_finding ? kWarning : kOk;
    case model::Verdict::kWarning: return fail_on_ == model::Severity::kCritical ? kOk : kWarning;
    case model::Verdict::kCritical: return kCritical;
    case model::Verdict::kUnknown: return kUnknown;
  }
  return kUnknown;
}

pipeline::Options pipeline_options(const CommandLine& line) {
  pipeline::Options options;
  options.only = line.values("only");
  options.skip = line.values("skip");
  options.suppressions = known_troubles(line);
  return options;
}

}  // namespace ngxdiag::tools

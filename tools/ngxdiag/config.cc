// ngxdiag config: what is wrong with a configuration before it goes wrong.
#include <algorithm>

#include "libdiag/analyze/config_files.h"
#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/pipeline/config_audit.h"
#include "libdiag/render/config_json.h"
#include "libdiag/render/config_junit.h"
#include "libdiag/render/config_sarif.h"
#include "libdiag/render/config_text.h"
#include "libdiag/source/host.h"
#include "libdiag/source/loose.h"
#include "tools/ngxdiag/config_commands.h"
#include "tools/ngxdiag/known_troubles.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/report_options.h"
#include "tools/ngxdiag/settings.h"

namespace ngxdiag::tools {
namespace {

const std::vector<std::string> kFormats = {"text", "json", "sarif", "junit"};

// As the commands that diagnose have it, so that one line of the settings speaks of all.
Option shared(std::string_view name) {
  for (const std::vector<Option>& table : {kEvidenceOptions, kOutputOptions, kRuleOptions})
    for (const Option& option : table)
      if (option.name == name) return option;
  return {};
}

std::vector<Option> config_options() {
  std::vector<Option> out = {
      {"format", 'f', "FORMAT", "text (default), json, sarif or junit; for list: markdown",
       "text json sarif junit markdown"},
      {"output", 'o', "FORMAT=FILE",
       "write the findings to FILE as well (- is standard output); may be repeated",
       "text json sarif junit"},
      {"verbose", 'v', "", "every place, and what was put aside"},
      {"only", 0, "ID", "only this check or group; may be repeated"},
      {"skip", 0, "ID", "not this check or group; may be repeated"},
      {"baseline", 0, "FILE", "an earlier report of this command, as JSON: it is known already"},
  };
  for (const std::string_view name : {"color", "width", "quiet", "fail-on", "exit-zero", "suppress",
                                      "root", "pid", "now", "host", "help"})
    out.push_back(shared(name));
  return out;
}

struct Verb {
  std::string_view name;
  int (*run)(const CommandLine&, const std::vector<audit::Check>&);
};
constexpr Verb kVerbs[] = {
    {"list", config_list}, {"show", config_show}, {"test", config_test}, {"dump", config_dump}};

std::vector<std::string> check_names(const CommandLine& line, std::string_view option,
                                     const std::vector<audit::Check>& checks) {
  std::vector<std::string> known;
  for (const audit::Check& check : checks) {
    known.push_back(check.id);
    known.push_back(check.group);
    known.insert(known.end(), check.aliases.begin(), check.aliases.end());
  }
  const std::vector<std::string> names = line.values(option);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = base::closest(name, known);
    throw base::UserError("--" + std::string(option) + ": no such check: " + base::printable(name),
                          line.program(), {}, near.empty() ? "" : "did you mean " + near + "?",
                          "see: ngxdiag config list");
  }
  return names;
}

// What nginx would read if it were started now; a host where no master runs has one all the same.
std::vector<pipeline::AuditInput> of_this_host(const Gathered& gathered,
                                               std::vector<model::Gap>& gaps) {
  auto inputs = pipeline::audit_inputs(gathered.evidence, gaps);
  if (!inputs.empty()) return inputs;
  if (auto piece = analyze::config_at("/etc/nginx")) {
    gaps.push_back({"the running nginx", "no master runs: /etc/nginx/nginx.conf was read"});
    inputs.push_back({std::move(piece->config), {}, true});
  }
  return inputs;
}

std::vector<pipeline::AuditInput> of_files(const CommandLine& line, std::vector<model::Gap>& gaps,
                                           const std::vector<std::string>& files, const Now& time) {
  std::vector<pipeline::AuditInput> inputs;
  std::vector<source::LooseInput> others;
  std::vector<analyze::ConfigPiece> fragments;
  for (const std::string& path : files) {
    std::optional<analyze::ConfigPiece> piece;
    if (path != "-") piece = analyze::config_at(path);
    if (!piece)
      others.push_back({path, std::nullopt});
    else if (piece->config.complete)
      inputs.push_back({std::move(piece->config), {}, false});
    else
      fragments.push_back(std::move(*piece));
  }
  if (!fragments.empty())
    inputs.push_back({analyze::join_fragments(std::move(fragments)).config, {}, false});
  if (others.empty()) return inputs;
  const source::Evidence evidence =
      source::gather_loose(others, time.civil, line.value("host").value_or(""));
  gaps.insert(gaps.end(), evidence.gaps.begin(), evidence.gaps.end());
  auto more = pipeline::audit_inputs(evidence, gaps);
  // What the other files tell of the host holds for all.
  for (pipeline::AuditInput& input : inputs)
    if (!more.empty()) input.host = more.front().host;
  for (pipeline::AuditInput& input : more)
    if (!input.config.directives.empty() || !input.config.problems.empty())
      inputs.push_back(std::move(input));
  return inputs;
}

std::vector<std::string_view> words() {
  std::vector<std::string_view> out;
  for (const Verb& verb : kVerbs) out.push_back(verb.name);
  out.insert(out.end(), std::begin(kSettingsWords), std::end(kSettingsWords));
  return out;
}

}  // namespace

Manual config_manual() {
  return {
      .name = "ngxdiag config",
      .synopsis = {"[OPTION]... [FILE]...", "list | show ID | test [ID]... | dump [FILE]",
                   "init [FILE] | validate [FILE]"},
      .paragraphs =
          {"Checks a configuration: what lets strangers in, what nginx does otherwise than it "
           "reads, what will run into a limit. Each finding has its file and line, what it means, "
           "and the directive to write.",
           "Without FILE it looks at the configuration of this host's nginx, as its master reads "
           "it. FILE is a main file, whose includes are followed, a fragment, the output of "
           "nginx -T, a directory, an archive, or - (standard input). Further files that tell of "
           "the host (nginx -V, /proc/PID/limits) may stand beside them.",
           "A comment puts a finding aside, with a reason, on its line or the line before:",
           "# ngxdiag: ignore alias-traversal: the files are public"},
      .options = config_options(),
      .sections = {{"ACTIONS",
                    {"list  id, severity and title of every check",
                     "show ID  one check in words, with its examples",
                     "test [ID]...  run the examples that the checks carry",
                     "dump [FILE]  the configuration as JSON, in crossplane's shape",
                     "init [FILE]  a commented file of settings of ngxdiag itself",
                     "validate [FILE]  the mistakes in such a file"}}},
      .exit_status = kVerdictStatus,
      .examples = {{"ngxdiag config", "this host"},
                   {"ngxdiag config ./nginx --fail-on warning",
                    "in a pipeline, before it is rolled out"},
                   {"ngxdiag config --output sarif=nginx.sarif nginx.conf", "for a code host"},
                   {"nginx -T | ngxdiag config -", "a dump"},
                   {"ngxdiag config init /etc/ngxdiag/ngxdiag.conf", "begin a file of settings"}},
      .words = words(),
  };
}

int run_config(const Arguments& arguments) {
  if (is_settings_word(arguments)) return run_settings(arguments);
  const Manual page = config_manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  if (asked_for_help(line, page)) return kOk;
  const std::vector<audit::Check> checks = audit::builtin_checks();
  if (!line.rest().empty())
    for (const Verb& verb : kVerbs)
      if (verb.name == line.rest()[0]) return verb.run(line, checks);
  const Outputs outputs(line, kFormats);
  pipeline::AuditOptions options;
  options.selection = {check_names(line, "only", checks), check_names(line, "skip", checks)};
  options.suppressions = suppressions(line);
  for (const std::string& file : line.values("baseline")) {
    const auto more = pipeline::read_config_baseline(read_named_file(file), file);
    options.baseline.insert(options.baseline.end(), more.begin(), more.end());
    options.baseline_name = file;
  }

  std::vector<model::Gap> gaps;
  std::vector<pipeline::AuditInput> inputs;
  std::string host = line.value("host").value_or("");
  Now time;
  if (line.rest().empty()) {
    const Gathered gathered = gather(line, {});
    gaps = gathered.evidence.gaps;
    inputs = of_this_host(gathered, gaps);
    host = gathered.evidence.host;
    time = gathered.now;
  } else {
    if (line.has("root") || line.has("pid"))
      throw base::UserError("--root and --pid do not go together with files", line.program(), {},
                            {}, "leave out the files, or the option");
    time = line.has("now") ? parse_now(*line.value("now")) : now();
    inputs = of_files(line, gaps, line.rest(), time);
  }
  options.now = time.civil;
  model::ConfigReport report = pipeline::audit_configs(std::move(inputs), checks, options);
  report.generated = time.rfc3339;
  report.host = host;
  report.not_observed.insert(report.not_observed.begin(), gaps.begin(), gaps.end());
  const Outputs::Render render = [&](const std::string& format, const Outputs::Style& style) {
    if (format == "json") return render::render_config_json(report);
    if (format == "sarif") return render::render_config_sarif(report);
    if (format == "junit") return render::render_config_junit(report);
    return style.quiet ? render::render_config_verdict(report, style.terminal)
                       : render::render_config_text(report, style.terminal);
  };
  outputs.deliver(render);
  return outputs.exit_code(report.verdict, !report.findings.empty());
}

}  // namespace ngxdiag::tools

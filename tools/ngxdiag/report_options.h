// The options that every command with a report shares: evidence, output, exit code.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "libdiag/model/report.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/render/terminal.h"
#include "libdiag/source/evidence.h"
#include "tools/ngxdiag/clock.h"
#include "tools/ngxdiag/command_line.h"
#include "tools/ngxdiag/rule_files.h"

namespace ngxdiag::tools {

// What to look at: FILE..., --as, --root, --pid, --no-probe, --now, --host.
extern const std::vector<Option> kEvidenceOptions;
// --format, --output, --color, --width, --quiet, --verbose, --fail-on, --exit-zero.
extern const std::vector<Option> kOutputOptions;
// --rules, --only, --skip, --help.
extern const std::vector<Option> kRuleOptions;

std::vector<Option> join(const std::vector<std::vector<Option>>& tables);

struct Gathered {
  source::Evidence evidence;
  Now now;
};
// The live host without `files`, --as and --root, else the evidence given. Throws base::UserError.
Gathered gather(const CommandLine& line, const std::vector<std::string>& files);

// What the output options ask for, checked before anything is looked at.
class Outputs {
 public:
  // Formats of a report.
  explicit Outputs(const CommandLine& line);
  // Other formats; the first is the usual one and is for people.
  Outputs(const CommandLine& line, std::vector<std::string> formats);

  // Prints (unless `speak` is false) and writes the report everywhere it should go.
  void deliver(const model::Report& report, bool speak = true) const;
  // The exit code of a report.
  int exit_code(const model::Report& report) const;

  // The same for another kind of report: `render` gives its text in a format.
  struct Style {
    render::TerminalOptions terminal;
    bool quiet = false;  // the verdict line alone
  };
  using Render = std::function<std::string(const std::string& format, const Style& style)>;
  void deliver(const Render& render, bool speak = true) const;
  int exit_code(model::Verdict verdict, bool any_finding) const;

 private:
  struct Target {
    std::string format, file;
  };
  Style style(bool to_stdout) const;

  std::vector<Target> targets_;
  bool quiet_ = false, verbose_ = false, exit_zero_ = false;
  std::string color_ = "auto";
  size_t width_ = 0;
  model::Severity fail_on_ = model::Severity::kWarning;
};

pipeline::Options pipeline_options(const CommandLine& line);

}  // namespace ngxdiag::tools

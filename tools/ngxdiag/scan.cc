// ngxdiag scan: diagnose the live host, or the evidence given.
#include "libdiag/pipeline/diagnose.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/report_options.h"

namespace ngxdiag::tools {

Manual scan_manual() {
  return {
      .name = "ngxdiag scan",
      .synopsis = {"[OPTION]... [FILE]..."},
      .paragraphs = {"Says why nginx is sick: the likeliest root cause first, with the evidence "
                     "for it and the commands that "
                     "mend it. Without FILE it looks at this host: every nginx master, its "
                     "processes, configuration, logs and "
                     "modules. With files, directories, archives or - (standard input) it looks at "
                     "those alone; what each of "
                     "them is, it sees by the content.",
                     "It only reads, and changes nothing. Run it as root to let it see everything; "
                     "without, it says what it "
                     "could not see."},
      .options = join({kEvidenceOptions, kOutputOptions, kRuleOptions}),
      .sections = {},
      .exit_status = kVerdictStatus,
      .examples = {{"ngxdiag scan", "this host"},
                   {"ngxdiag scan error.log nginx.conf ps.txt", "what somebody sent"},
                   {"journalctl -u nginx | ngxdiag scan -", "a paste"},
                   {"ngxdiag scan --quiet --output json=/var/lib/ngxdiag/report.json",
                    "from a timer"}},
  };
}

int run_scan(const Arguments& arguments) {
  const Manual page = scan_manual();
  const CommandLine line(std::string(page.name), page.options, arguments);
  if (asked_for_help(line, page)) return kOk;
  const Outputs outputs(line);
  const RuleFiles rules(line.values("rules"));
  const pipeline::Knowledge knowledge = pipeline::load_knowledge(rules.extra());
  const Gathered gathered = gather(line, line.rest());
  model::Report report = pipeline::diagnose(gathered.evidence, knowledge, pipeline_options(line));
  report.generated = gathered.now.rfc3339;
  outputs.deliver(report);
  return outputs.exit_code(report);
}

}  // namespace ngxdiag::tools

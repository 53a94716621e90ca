// Every check over any configuration: no crash, no hang, each finding in a place that exists.
#include <cstdlib>
#include <string_view>

#include "libdiag/audit/regex_shape.h"
#include "libdiag/audit/run.h"

namespace audit = ngxdiag::audit;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  static const std::vector<audit::Check> kChecks = audit::builtin_checks();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ngxdiag::parse::Config config = ngxdiag::parse::parse_config(text, "fuzz");
  audit::Host host;
  host.cpus = 4;
  host.nofile = 1024;
  // The same text as a fragment, and as if everything had been read.
  for (const bool complete : {false, true}) {
    config.complete = complete;
    ngxdiag::model::ConfigReport report;
    audit::run_checks(config, host, kChecks, {}, report);
    for (const ngxdiag::model::ConfigFinding& finding : report.findings)
      if (finding.place.line < 0 || finding.id.empty()) std::abort();
  }
  if (const auto shape = audit::RegexShape::parse(text.substr(0, 4096))) shape->explodes();
  return 0;
}

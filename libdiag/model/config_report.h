// What the checks of a configuration found: renderers print it and compute nothing. Field for field
// the JSON report of schema ngxdiag.config/1 (docs/config.md).
#pragma once

#include <string>
#include <vector>

#include "libdiag/model/gap.h"
#include "libdiag/model/report.h"

namespace ngxdiag::model {

// A directive in the configuration, as a reader finds it.
struct ConfigPlace {
  std::string file;
  int line = 0, column = 0;  // 1-based; 0 when only the file is meant
  std::string text;          // "alias /srv/files/;"
  std::string block;         // "http > server(example.org) > location /files"
};

struct ConfigFinding {
  std::string id;  // of the check
  std::string group;
  std::vector<std::string> aliases;  // what other checkers call it
  Severity severity = Severity::kInfo;
  std::string title, explanation;
  std::string says;              // this occurrence
  std::vector<std::string> fix;  // lines of configuration to write, or of advice
  ConfigPlace place;
  std::vector<ConfigPlace> related;
  std::vector<std::string> references;
  std::string unfilled;     // a name in its sentences that has no value: a mistake of the check
  std::string fingerprint;  // the same as long as the directive and its file are; not its line
};

struct ConfigSuppressed {
  ConfigFinding finding;
  std::string reason;
  std::string by;  // "comment", "baseline", "suppression"
};

struct ConfigReport {
  std::string generated, host;
  Verdict verdict = Verdict::kUnknown;
  std::string summary;
  std::vector<ConfigFinding> findings;  // the worst first, then by check, file and line
  std::vector<ConfigSuppressed> suppressed;
  std::vector<std::string> files;  // read, in this order
  int64_t directives = 0, servers = 0, checks = 0;
  std::vector<Gap> not_observed;
};

}  // namespace ngxdiag::model

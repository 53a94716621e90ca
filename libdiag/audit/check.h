// A check of a configuration: one file, rules/config/<id>.json. What it looks for is either a
// condition ("find") or one of the detectors written in C++ ("detect").
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/audit/condition.h"
#include "libdiag/model/report.h"

namespace ngxdiag::audit {

struct Check;

// One occurrence. `node` kTop: the configuration as a whole.
struct Hit {
  NodeId node = kTop;
  std::map<std::string, std::string> values = {};  // for {NAME} in `says` and `fix`
  std::vector<NodeId> related = {};
  std::optional<model::Severity> severity = std::nullopt;  // when this one differs from the check's
};

struct Context {
  const Tree& tree;
  const Host& host;
  const Check& check;
  // The check's parameter. REQUIRES: its file declares it (tests of each detector see to that).
  double param(std::string_view name) const;
};

using Detector = std::vector<Hit> (*)(const Context& context);

struct CheckExample {
  std::string name, config;
  bool fires = false;
  std::vector<int> lines;  // where it fires, when the example says so
  Host host;
};

struct Check {
  std::string id, group, title, explanation, says;
  std::vector<std::string> aliases, fix, references;
  model::Severity severity = model::Severity::kInfo;
  struct Param {
    double value = 0;
    std::string because;
  };
  std::map<std::string, Param, std::less<>> params;
  std::vector<std::string> directives;  // of "find"
  Condition where;
  bool once = false;  // the first occurrence stands for all
  Detector detector = nullptr;
  std::string detector_name;
  std::vector<CheckExample> examples;
};

// All built-in checks, by id. Throws base::UserError for a mistake in a file.
std::vector<Check> builtin_checks();
// Reads one file. Throws base::UserError with file, line and column for a mistake.
Check read_check(std::string_view text, std::string_view where);

// What one check finds, in reading order.
std::vector<Hit> find_hits(const Context& context);

}  // namespace ngxdiag::audit

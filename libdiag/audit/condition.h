// Conditions of a check over the place of one directive, as rules/config/*.json write them:
//   {"all": [{"args": "^on$"}, {"under": "http"}, {"not": {"beside": "deny"}}]}
// docs/config-checks.md lists the forms.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libdiag/audit/tree.h"
#include "libdiag/base/regex.h"

namespace ngxdiag::audit {

// What is known besides the configuration.
struct Host {
  std::string nginx_version;         // "1.22.1"; empty when unknown
  std::string package_revision;      // "1.22.1-9+deb12u2" of Debian's package; empty when unknown
  std::string openssl_version;       // "OpenSSL 3.0.13 30 Jan 2024"; empty when unknown
  std::optional<int64_t> cpus;       // what worker_processes auto counts
  std::optional<int64_t> nofile;     // limit of open files the workers have
  std::vector<std::string> modules;  // slugs of modules known to be there
};

// A test of a directive's arguments; without members it always holds.
struct ArgTest {
  std::optional<base::Regex> matches;  // of the text chosen
  std::vector<std::string> is;         // the text is one of these
  std::optional<double> below, above;  // the text as a number, size or time
  int arg = -1;                        // which argument; -1: all, joined by blanks; -2: any of them
  bool holds(const parse::Directive& directive) const;
};

struct Condition {
  enum class Form {
    kAll,
    kAny,
    kNot,
    kSelf,       // the directive's own arguments
    kIn,         // its parent is one of `names`
    kUnder,      // one of `names` is around it
    kHas,        // the block has such a child
    kContains,   // … at any depth
    kBeside,     // its parent has such a child
    kEffective,  // such a directive is in force here
    kAbsent,     // none such is in force here, and everything was read that could be inherited
    kAnywhere,   // the configuration has it
    kComplete,   // a whole configuration was read
    kNginxBelow,
    kNginxAtLeast,  // false when the version is unknown
  };
  Form form = Form::kAll;
  std::vector<Condition> parts;
  std::vector<std::string> names;
  ArgTest test;
};

bool holds(const Condition& condition, const Tree& tree, NodeId id, const Host& host);

}  // namespace ngxdiag::audit

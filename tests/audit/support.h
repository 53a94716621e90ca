// One parsed text with its tree, for tests of the checks.
#pragma once

#include <string>

#include "libdiag/audit/check.h"

namespace ngxdiag::audit {

struct Parsed {
  explicit Parsed(const std::string& text)
      : config(parse::parse_config(text, "nginx.conf")), tree(config) {}
  // The only or first directive of that name.
  NodeId id(std::string_view name) const { return tree.all(name).front(); }

  parse::Config config;
  Tree tree;
};

}  // namespace ngxdiag::audit

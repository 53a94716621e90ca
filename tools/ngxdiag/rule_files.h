// Rule files besides the built-in ones: /etc/ngxdiag/rules.d and --rules DIR.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "libdiag/engine/rule.h"

namespace ngxdiag::tools {

inline constexpr const char* kSiteRules = "/etc/ngxdiag/rules.d";

class RuleFiles {
 public:
  // kSiteRules when it exists, then every *.json below each of `directories`, in path order. Throws
  // base::UserError for a directory or a file that cannot be read.
  explicit RuleFiles(const std::vector<std::string>& directories);

  const std::vector<engine::RuleText>& extra() const { return extra_; }
  // The built-in rules and then the extra ones.
  std::vector<engine::RuleText> all() const;

 private:
  void add(const std::string& directory);

  std::deque<std::string> texts_;  // what the views point into
  std::vector<engine::RuleText> extra_;
};

}  // namespace ngxdiag::tools

#include "libdiag/engine/builtin.h"

#include "libdiag/base/builtin_data.h"

namespace ngxdiag::engine {

std::vector<RuleText> builtin_rules() {
  std::vector<RuleText> rules;
  for (const base::BuiltinFile& file : base::builtin_files())
    if (file.path.starts_with("rules/causes/"))
      rules.push_back({std::string(file.path), file.text, true});
  return rules;
}

}  // namespace ngxdiag::engine

// The subcommands of `ngxdiag rules`, one file each. `line` has their options and arguments.
#pragma once

#include "tools/ngxdiag/command_line.h"
#include "tools/ngxdiag/rule_files.h"

namespace ngxdiag::tools {

int rules_list(const CommandLine& line, const RuleFiles& files);
// ID: the rule as it stands in its file, in words.
int rules_show(const CommandLine& line, const RuleFiles& files);
int rules_lint(const CommandLine& line, const RuleFiles& files);
// [ID]...: runs the examples; 1 when one does not say what it should.
int rules_test(const CommandLine& line, const RuleFiles& files);
// COMPONENT ID: a skeleton to fill.
int rules_new(const CommandLine& line, const RuleFiles& files);

// The text of the rule `id`, the last one given; throws base::UserError with "did you mean".
const engine::RuleText& find_rule(const std::vector<engine::RuleText>& texts,
                                  const std::string& id);
// "nchan-crash" of ".../nchan/nchan-crash.json": a rule's file is named for its id.
std::string rule_id(const engine::RuleText& text);

}  // namespace ngxdiag::tools

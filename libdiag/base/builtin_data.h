// The files below rules/ as compiled into the program (rules/embed.py writes the table).
//   builtin_data("zones.tsv") is the text of rules/data/zones.tsv
// Analyzers read tables (zones, modules, thresholds) through it, the engine reads rules.
#pragma once

#include <span>
#include <string_view>

namespace ngxdiag::base {

struct BuiltinFile {
  std::string_view path;  // from the repository's root: "rules/causes/nchan/x.json"
  std::string_view text;
};

// All of them, in path order; the views live as long as the program.
std::span<const BuiltinFile> builtin_files();
// False in a build that leaves the examples of its rules out, for the size (-Dcompact_rules=true).
bool builtin_examples();

// The text of rules/data/NAME; empty when there is no such file.
std::string_view builtin_data(std::string_view name);

}  // namespace ngxdiag::base

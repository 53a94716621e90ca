// Completions for shells, made from the tables that --help prints. A rule's id is asked from the
// program itself (`ngxdiag help --ids`), so that none of them ages.
#pragma once

#include <string>
#include <string_view>

#include "tools/ngxdiag/manual.h"

namespace ngxdiag::tools {

inline constexpr std::string_view kShells = "bash fish zsh";

// The completion script of one of kShells. Throws base::UserError for another shell.
std::string completion(std::string_view shell);

// What the value of an option, or an argument, can be.
enum class Values { kNothing, kWords, kWordAndFile, kFiles, kFolders, kIds };
Values values_of(const Option& option);
// kWords (Manual::words), kFiles, kIds or kNothing: from the synopsis.
Values arguments_of(const Manual& manual);

std::string bash_completion();
std::string fish_completion();
std::string zsh_completion();

}  // namespace ngxdiag::tools

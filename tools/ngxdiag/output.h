// Where reports go: standard output, or a file that is replaced in one step.
#pragma once

#include <string>
#include <string_view>

namespace ngxdiag::tools {

// To standard output. A reader that went away (a closed pipe) is no error; anything else throws
// base::UserError.
void print(std::string_view text);

// To standard error.
void complain(std::string_view text);

// Writes beside `path` and renames, so that a reader sees the old or the new content and never half
// of it; mode 0644. A device or a pipe is written directly; "-" is standard output. Throws
// base::UserError.
void write_file(const std::string& path, std::string_view text);

bool stdout_is_terminal();
// Columns of the terminal on standard output; 0 when there is none.
size_t terminal_columns();

}  // namespace ngxdiag::tools

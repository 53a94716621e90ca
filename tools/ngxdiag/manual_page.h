// Manual pages in troff (man macros), made from the tables that --help prints: one for the program
// and one for each command.
#pragma once

#include <string>
#include <string_view>

#include "tools/ngxdiag/manual.h"

namespace ngxdiag::tools {

// The page of one command: "ngxdiag scan" is ngxdiag-scan(1). `summary` completes its NAME line.
std::string manual_page(const Manual& manual, std::string_view summary);

// Writes DIR/man1/ngxdiag.1, DIR/man1/ngxdiag-scan.1 and so on; the folders are made. Throws
// base::UserError.
void write_manual_pages(const std::string& folder);

}  // namespace ngxdiag::tools

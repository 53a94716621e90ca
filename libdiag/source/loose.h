// Loose files: any number of files, directories, archives or "-" (standard input).
#pragma once

#include <string>
#include <vector>

#include "libdiag/source/evidence.h"

namespace ngxdiag::source {

struct LooseInput {
  std::string path;                 // "-" is standard input
  std::optional<model::Kind> kind;  // from --as KIND=FILE
};

// One instance with all documents. Throws base::UserError for a path that does not exist (the user
// asked for it); an unreadable, empty or binary one is a gap. Directories are walked in name order
// (links are not followed out of them); archives (tar, zip, also compressed; libarchive) are read
// in memory with bounds on members, depth and inflated size, and a member's path is only ever a
// label.
Evidence gather_loose(const std::vector<LooseInput>& inputs, base::CivilTime now,
                      const std::string& host);

}  // namespace ngxdiag::source

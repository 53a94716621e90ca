// Where a fact was read: every fact, event and piece of evidence carries one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libdiag/base/time.h"

namespace ngxdiag::model {

// `kind` is one of the evidence kinds of kinds.h by name ("error_log", "ps", "proc", …).
struct SourceRef {
  std::string kind = {};
  std::string path = {};  // as the user knows it: a file, "/proc/812/maps", "ps", "-"
  int64_t line = 0;       // 1-based; 0 when lines do not apply
  std::optional<base::CivilTime> time = {};
  int64_t pid = 0;           // 0 when no process is meant
  std::string excerpt = {};  // the line itself, at most kExcerptBytes, raw (renderers escape it)

  // "error.log:120"
  std::string where() const { return line > 0 ? path + ":" + std::to_string(line) : path; }
};

inline constexpr size_t kExcerptBytes = 240;

}  // namespace ngxdiag::model

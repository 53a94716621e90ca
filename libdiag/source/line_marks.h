// Words that give a line away: how lines of a kind begin, and what decides wherever it stands.
#pragma once

#include <optional>
#include <string_view>

#include "libdiag/model/kinds.h"

namespace ngxdiag::source {

// By how the line begins (leading blanks removed): "nginx version: " is kNginxVersion.
std::optional<model::Kind> kind_by_beginning(std::string_view line);

// What stands somewhere in the line.
struct Inside {
  std::optional<model::Kind> kind;  // decides by itself: "segfault at ", ": Assertion `"
  bool title = false;               // a process title of nginx or Angie, as ps shows it
  bool frame = false;               // ") at ", as in gdb's "f (x=1) at file.c:12"
  bool message = false;  // words of an nginx message that was pasted without time and level
};
Inside find_inside(std::string_view line);

}  // namespace ngxdiag::source

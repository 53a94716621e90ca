// What messages of the catalogue mean in plain words (rules/data/meanings.tsv), and what errno
// says.
//   process.exited-on-signal -> "A child of the master was killed by a signal; …", causes, next
//   steps
// A message without an entry of its own gets that of its subsystem, marked as general; no entry at
// all leaves the meaning empty.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

struct MessageMeaning {
  std::string_view meaning;
  std::vector<std::string_view> causes, next;
  bool general = false;  // of the subsystem, not of the message
};

MessageMeaning meaning_of(std::string_view id);

// Number, name and what it usually means for nginx: 24, "EMFILE", "the process has …".
struct ErrnoMeaning {
  int number = 0;
  std::string_view name, says;
};
std::optional<ErrnoMeaning> errno_meaning(int number);

}  // namespace ngxdiag::parse

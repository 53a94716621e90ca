// What messages of the catalogue mean in plain words (rules/data/meanings.tsv), and what errno
// says.
//   process.exited-on-signal -> "A child of the master was killed by a signal; …", causes, next
//   steps
// An entry may stand for a family: several identifiers, or all that begin alike ("http-dav.*"); the
// longest beginning counts. A message without any gets that of its subsystem, marked as general; no
// entry at all leaves the meaning empty.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "libdiag/parse/message_catalogue.h"

namespace ngxdiag::parse {

struct MessageMeaning {
  std::string_view meaning;
  std::vector<std::string_view> causes, next;
  bool general = false;  // of the subsystem, not of the message
};

MessageMeaning meaning_of(std::string_view id);

// When a call at `source` runs (rules/data/emitted_when.tsv), from the file and function:
//   kLog, "src/os/unix/ngx_process.c:ngx_signal_handler" -> "when a process of nginx receives a …"
// Empty when the table does not know the place.
std::string_view emitted_when(MessageKind kind, std::string_view source);

// Number, name and what it usually means for nginx: 24, "EMFILE", "the process has …".
struct ErrnoMeaning {
  int number = 0;
  std::string_view name, says;
};
std::optional<ErrnoMeaning> errno_meaning(int number);

}  // namespace ngxdiag::parse

// Logs that are kept in a format of their own, as the plain lines that programs wrote: docker's
// json-file, CRI (Kubernetes), `journalctl -o json` and `-o export`, JSON lines of log shippers,
// UTF-16 as Windows' shells save it. Lines that were cut in parts are joined.
//   {"log":"2026/04/21 23:18:20 [alert] 1#1: a \"b\"\n","stream":"stderr","time":"…20.5Z"}
//   -> 2026-04-21T23:18:20.5Z stderr F 2026/04/21 23:18:20 [alert] 1#1: a "b"
//   journal entry -> 2026-04-21T23:18:20.123456+00:00 web1 nginx[812]: …
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libdiag/source/files.h"

namespace ngxdiag::source {

enum class Framing { kNone, kJson, kCri, kJournalExport };
// By the first whole line of a text.
Framing framing_of(std::string_view head);

// The plain lines of `raw`, told by its first bytes; anything else passes through as it is, but for
// a byte order mark and a hole of NULs before a log's first line (copytruncate). For every line of
// a JSON or CRI file there is one line: a part that was joined to the next stands as an empty one,
// so that numbers of lines stay true. For every journal entry there is one line for each line of
// its message.
// Times of containers and of the journal are UTC, nginx's are local: the difference is learnt from
// nginx's own lines within the first 256 KiB and later, in quarters of an hour, and put into the
// frames' times. Memory is bounded: of a line beyond base::kMaxLineBytes the rest is dropped after
// one byte more, so that a reader notices.
std::unique_ptr<ByteStream> unframed(std::unique_ptr<ByteStream> raw);

}  // namespace ngxdiag::source

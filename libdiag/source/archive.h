// Archives read in memory: a bundle, somebody's /var/log/nginx in a tar, a zip from a ticket.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "libdiag/source/streams.h"

namespace ngxdiag::source {

// True for the first bytes (512 suffice) of a tar or zip, not compressed.
bool is_archive(std::string_view head);

struct Member {
  std::string path;   // a label only: no leading "/", no ".." left
  size_t index = 0;   // its place in the archive
  int64_t size = -1;  // as declared; -1 unknown
  std::string link;   // target of a symbolic link, whose content is then empty
};

// Calls `visit` for every regular file and link of the archive that `open` gives, in archive order;
// the stream ends with the call. Nothing is ever written to disk and no outside program is run.
// A damaged archive ends with a gap after what could be read. `visit` returns false to stop.
void each_member(const Opener& open, const std::string& label,
                 const std::function<bool(const Member&, ByteStream&)>& visit, model::Gap& gap);

// Opens the member at `index` again later: reads the archive up to it.
Opener member_opener(Opener archive, std::string label, size_t index);

// "../../etc/passwd" -> "etc/passwd"; control bytes stay (renderers escape them).
std::string neutral_path(std::string_view path);

}  // namespace ngxdiag::source

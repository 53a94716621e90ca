// Compressed bytes made plain: rotated logs and bundles, told by their first bytes and never by
// name.
#pragma once

#include <memory>
#include <string>

#include "libdiag/source/files.h"

namespace ngxdiag::source {

// gzip (several members: logrotate's `cat a.gz b.gz`), zstd (several frames), xz and bzip2 (several
// streams) are inflated on the way with bounded memory; anything else passes through unchanged.
// A truncated or damaged one gives what could be read, then gap() says so; one that inflates beyond
// any reason (a bomb) is cut there. `what` names it in gaps.
std::unique_ptr<ByteStream> decompressed(std::unique_ptr<ByteStream> raw, std::string what);

}  // namespace ngxdiag::source

// Text in UTF-16 (what `docker logs nginx > file` writes in a Windows shell) as UTF-8.
#pragma once

#include <memory>
#include <string_view>

#include "libdiag/source/files.h"

namespace ngxdiag::source {

// True when the text begins with a byte order mark of UTF-16 (and not of UTF-32).
bool is_utf16(std::string_view head);

// REQUIRES: is_utf16() of its beginning. The mark is left out; half surrogates become U+FFFD.
std::unique_ptr<ByteStream> utf16_to_utf8(std::unique_ptr<ByteStream> raw);

}  // namespace ngxdiag::source

// What a line of pasted text is, by its content alone.
#pragma once

#include <optional>
#include <string_view>

#include "libdiag/model/kinds.h"

namespace ngxdiag::source {

// The kind of a whole text from its first kilobytes and (as a courtesy only) its file name.
// kUnknown when nothing decides.
model::Kind recognise_text(std::string_view head, std::string_view name);

// The kind of one line within a text whose kind so far is `current` (the line before it, or the
// kind of the whole text): mixed pastes change kind from line to line. A line that decides nothing
// keeps `current`.
model::Kind recognise_line(std::string_view line, model::Kind current);

// True when the bytes are no text (NUL early and often, an image, an executable).
bool is_binary(std::string_view head);

}  // namespace ngxdiag::source

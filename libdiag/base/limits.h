// Bounds that keep a scan small and short whatever the evidence is. They protect the host; they
// decide no diagnosis (those numbers live in rules/).
#pragma once

#include <cstddef>
#include <cstdint>

namespace ngxdiag::base {

inline constexpr size_t kChunk = 256u << 10;  // bytes read at a time
inline constexpr size_t kMaxLineBytes = 64u
                                        << 10;  // the rest of a longer line is skipped, and said
inline constexpr size_t kMaxBlockBytes = 64u << 20;  // a configuration, a ps listing … kept whole
inline constexpr size_t kMaxRecords = 200000;        // events of one kind
inline constexpr size_t kMaxTroubles = 2000;         // emerg and alert lines kept with their text
inline constexpr size_t kMaxFrames = 4000;
inline constexpr size_t kMaxForgedKept = 20;

}  // namespace ngxdiag::base

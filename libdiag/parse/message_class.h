// What a message tells of, in some two dozen classes (rules/data/message_classes.tsv): timelines
// and incidents are told by them.
//   common.connect-failed -> "upstream-connect", "backends cannot be reached"
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "libdiag/parse/message_catalogue.h"

namespace ngxdiag::parse {

struct MessageClass {
  std::string_view slug, title;
};

// At most that many, so that counts by class fit into a small array.
inline constexpr size_t kMaxClasses = 32;

// The first, {"other", …}, is that of messages without a class.
const std::vector<MessageClass>& message_classes();

// An index into message_classes(): of an entry, and of one of the C library's texts, which are in
// no catalogue ("libc.assertion").
uint8_t class_of(MessageKind kind, std::string_view id);
// Of all entries of the built-in catalogue, in their order.
const std::vector<uint8_t>& classes_of_entries();

}  // namespace ngxdiag::parse

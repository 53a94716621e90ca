// Which of many literals a text may begin with. Example: of "connect() failed", "connect() to ",
// "" the text `connect() to 10.0.0.5:80 failed` gets the last two. Only the bytes that tell the
// literals apart are looked at, so the caller compares what comes back; nothing that fits is
// missing.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ngxdiag::parse {

class HeadIndex {
 public:
  // REQUIRES: every literal before build(), find() after it.
  void add(std::string_view literal, uint32_t value) { heads_.emplace_back(literal, value); }
  void build();

  // Values of a superset of the literals that `text` begins with.
  std::span<const uint32_t> find(std::string_view text) const;

 private:
  // Byte `at` of the text chooses the next node; a text that is shorter, or whose byte none of the
  // literals has there, goes to `otherwise`. A leaf (span 0) holds values.
  struct Node {
    uint32_t first = 0;  // of next_, or of values_
    uint32_t otherwise = 0;
    uint16_t at = 0;
    uint16_t count = 0;  // of a leaf's values
    uint16_t span = 0;   // number of bytes from `low` on that have a place in next_
    uint8_t low = 0;
  };
  uint32_t make(std::vector<uint32_t> heads, size_t from);

  std::vector<std::pair<std::string, uint32_t>> heads_;
  std::vector<Node> nodes_;
  std::vector<uint32_t> next_, values_;
  uint32_t root_ = 0;
};

}  // namespace ngxdiag::parse

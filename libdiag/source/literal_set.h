// Many literals looked for in one pass: what a `contains` per literal would do, at a tenth of the
// time.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string_view>

namespace ngxdiag::source {

// A table over N literals, each of three bytes or more, built at compile time:
//   constexpr LiteralSet kSet(std::to_array<std::string_view>({"segfault at ", "oom-kill"}));
//   kSet.find("nginx[9]: segfault at 8")[0]   // true
template <size_t N>
class LiteralSet {
 public:
  constexpr explicit LiteralSet(const std::array<std::string_view, N>& literals)
      : literals_(literals) {
    static_assert(N < 255);
    for (size_t i = N; i > 0; --i) {
      const std::string_view literal = literals[i - 1];
      const size_t bucket = hash(literal[0], literal[1], literal[2]);
      next_[i - 1] = first_[bucket];
      first_[bucket] = static_cast<uint8_t>(i);
    }
  }

  // Bit i: literal i stands somewhere in `text`.
  std::bitset<N> find(std::string_view text) const {
    std::bitset<N> out;
    for (size_t at = 0; at + 2 < text.size(); ++at)
      for (size_t i = first_[hash(text[at], text[at + 1], text[at + 2])]; i > 0; i = next_[i - 1])
        if (text.compare(at, literals_[i - 1].size(), literals_[i - 1]) == 0) out.set(i - 1);
    return out;
  }

 private:
  static constexpr size_t kBuckets = 4096;
  static constexpr size_t hash(char a, char b, char c) {
    const auto byte = [](char ch) { return static_cast<size_t>(static_cast<unsigned char>(ch)); };
    return (byte(a) * 67 + byte(b) * 531 + byte(c) * 5) % kBuckets;
  }

  std::array<std::string_view, N> literals_;
  std::array<uint8_t, kBuckets> first_{};  // index + 1 of a bucket's first literal, 0 none
  std::array<uint8_t, N> next_{};
};

}  // namespace ngxdiag::source

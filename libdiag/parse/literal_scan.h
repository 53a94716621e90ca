// A few literals looked for in one pass over a text: at most eight, each of four bytes or more.
// Example: of " exited on signal " and " worker_connections are not enough" the text
//   worker process 9 exited on signal 6
// holds the first: bit 0. On processors with AVX2 thirty-two places are tried at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

class LiteralScan {
 public:
  static constexpr size_t kMost = 8;

  // REQUIRES: fewer than kMost literals so far.
  void add(std::string_view literal);
  size_t size() const { return literals_.size(); }

  // Bit i: the literal of the i-th add() stands in `text`.
  uint8_t find(std::string_view text) const;

 private:
  uint8_t find_plain(std::string_view text) const;
  uint8_t find_wide(std::string_view text) const;
  uint8_t find_narrow(std::string_view text) const;
  uint8_t check(std::string_view text, size_t at, uint8_t candidates) const;

  std::vector<std::string> literals_;
  std::vector<size_t> offset_;  // of the two bytes that are looked for
  // Bit i of the tables: literal i has a byte with this low (high) half there.
  alignas(16) std::array<uint8_t, 16> low0_{}, high0_{}, low1_{}, high1_{};
};

}  // namespace ngxdiag::parse

// Where the lines of a block end and what its lines hold, one bit for every byte, found thirty-two
// bytes at a time where the processor has AVX2. Example: in "a \"b\"\n" bit 5 is a line's end, bits
// 2 and 4 are quotes. A mark stands on the t of "nt:", as in ", client: ": a line without one has
// no context.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ngxdiag::parse {

class LineMasks {
 public:
  // Bytes that must be readable before and behind what fill() is given; what they hold plays no
  // part.
  static constexpr size_t kPadding = 64;

  void fill(const char* data, size_t size);

  // The first bit at or behind `from` and before `until`; `until` when there is none. The first
  // takes the end of the block.
  size_t next_newline(size_t from) const { return next(newlines_, from, size_); }
  size_t next_quote(size_t from, size_t until) const { return next(quotes_, from, until); }
  size_t next_mark(size_t from, size_t until) const { return next(marks_, from, until); }

  // How many quotes: none, an even or an odd number.
  enum class Quotes : uint8_t { kNone, kEven, kOdd };
  Quotes quotes(size_t from, size_t until) const;

  // A backslash stands before some quote of the block.
  bool escapes() const { return escapes_; }

 private:
  static size_t next(const std::vector<uint64_t>& bits, size_t from, size_t until) {
    if (from >= until) return until;
    size_t word = from / 64;
    const size_t last = (until - 1) / 64;
    uint64_t left = bits[word] >> (from % 64) << (from % 64);
    while (left == 0) {
      if (++word > last) return until;
      left = bits[word];
    }
    const size_t at = word * 64 + static_cast<size_t>(__builtin_ctzll(left));
    return at < until ? at : until;
  }
  void fill_plain(const char* data, size_t words);
  void fill_wide(const char* data, size_t words);

  std::vector<uint64_t> newlines_, quotes_, marks_;
  size_t size_ = 0, words_ = 0;
  bool escapes_ = false;
};

inline LineMasks::Quotes LineMasks::quotes(size_t from, size_t until) const {
  if (from >= until) return Quotes::kNone;
  const size_t first = from / 64, last = (until - 1) / 64;
  const uint64_t high = ~uint64_t{0} >> (63 - (until - 1) % 64), low = ~uint64_t{0} << from % 64;
  uint64_t any = quotes_[first] & low, odd = any;
  if (first == last) {
    any = odd = any & high;
  } else {
    for (size_t word = first + 1; word < last; ++word) {
      any |= quotes_[word];
      odd ^= quotes_[word];
    }
    any |= quotes_[last] & high;
    odd ^= quotes_[last] & high;
  }
  return any == 0 ? Quotes::kNone : __builtin_parityll(odd) != 0 ? Quotes::kOdd : Quotes::kEven;
}

}  // namespace ngxdiag::parse

// Cuts a stream into blocks of whole lines that begin, where possible, with a line that has a time
// of its own: such a block can be read without knowing what stood before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "libdiag/source/files.h"

namespace ngxdiag::analyze {

// The bytes of a block with room around them (LineMasks::kPadding).
class LogBlock {
 public:
  std::string_view text() const;
  size_t number = 0;         // of the stream's blocks, from 0
  bool stands_alone = true;  // it begins with a line that has a time
  int64_t read = 0;          // bytes of the stream up to its end, and a little more
  int64_t cut_lines = 0;     // lines longer than kChunk, of which kMaxLineBytes are left

 private:
  friend class LogBlocks;
  std::vector<char> bytes_;
  size_t size_ = 0;
};

class LogBlocks {
 public:
  // `head` was read from the stream already and must stay until the first next().
  LogBlocks(std::string_view head, source::ByteStream& stream);

  // The next block; false at the end.
  bool next(LogBlock& block);

  int64_t bytes() const { return bytes_; }  // read so far

 private:
  size_t find_cut(std::string_view text, bool& stands_alone) const;

  source::ByteStream& stream_;
  std::string_view head_;
  std::vector<char> rest_;  // begins the next block
  bool rest_stands_alone_ = true, ended_ = false;
  size_t number_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace ngxdiag::analyze

#include "libdiag/analyze/log_blocks.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <string>

#include "libdiag/base/limits.h"
#include "libdiag/source/streams.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

const std::string kLine = "2026/04/21 23:18:20 [error] 9#9: *7 a line of some length\n";

// Gives a few bytes at a time, as a pipe does.
class Dribble : public source::ByteStream {
 public:
  Dribble(std::string text, size_t most) : text_(std::move(text)), most_(most) {}
  size_t read(char* out, size_t size) override {
    const size_t count = std::min({size, most_, text_.size() - at_});
    text_.copy(out, count, at_);
    at_ += count;
    return count;
  }
  std::optional<model::Gap> gap() const override { return std::nullopt; }

 private:
  std::string text_;
  size_t most_, at_ = 0;
};

}  // namespace

TEST_CASE("blocks are the stream, cut before lines with a time") {
  std::string text;
  for (int i = 0; text.size() < 5 * base::kChunk; ++i)
    text += i % 7 == 0 ? "\ta trace's line\n" : kLine;
  Dribble stream(text.substr(100), 70000);
  LogBlocks blocks(std::string_view(text).substr(0, 100), stream);
  LogBlock block;
  std::string all;
  size_t number = 0;
  while (blocks.next(block)) {
    CHECK(block.number == number++);
    if (block.number > 0) {
      CHECK(block.stands_alone);
      CHECK(block.text().starts_with("2026/"));
    }
    all += block.text();
  }
  CHECK(all == text);
  CHECK(number >= 5);
  CHECK(blocks.bytes() == static_cast<int64_t>(text.size()));
}

TEST_CASE("a block within a long run of lines without times does not stand alone") {
  std::string text = kLine;
  while (text.size() < 2 * base::kChunk) text += "\ta trace that never ends\n";
  Dribble stream(text, text.size());
  LogBlocks blocks({}, stream);
  LogBlock block;
  REQUIRE(blocks.next(block));
  CHECK(block.stands_alone);
  REQUIRE(blocks.next(block));
  CHECK_FALSE(block.stands_alone);
  CHECK(block.text().starts_with("\ta trace"));
}

TEST_CASE("of a line longer than a block its beginning is kept") {
  const std::string text = kLine + std::string(3 * base::kChunk, 'x') + "\n" + kLine;
  Dribble stream(text, 100000);
  LogBlocks blocks({}, stream);
  LogBlock block;
  std::string all;
  int64_t cut = 0;
  while (blocks.next(block)) {
    all += block.text();
    cut += block.cut_lines;
  }
  CHECK(cut == 1);
  CHECK(all == kLine + std::string(base::kMaxLineBytes, 'x') + "\n" + kLine);
}

TEST_CASE("an empty stream has no block, one without a line end has one") {
  LogBlock block;
  Dribble nothing("", 1);
  CHECK_FALSE(LogBlocks({}, nothing).next(block));
  Dribble word("text", 1);
  LogBlocks blocks({}, word);
  REQUIRE(blocks.next(block));
  CHECK(block.text() == "text");
  CHECK_FALSE(blocks.next(block));
}

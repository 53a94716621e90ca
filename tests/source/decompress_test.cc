#include "libdiag/source/decompress.h"

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"
#include "tests/source/packed.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

namespace {

struct Plain {
  std::string text;
  std::optional<model::Gap> gap;
};

Plain inflate(const std::string& bytes, size_t cap = 1u << 26) {
  auto stream =
      decompressed(memory_stream(std::make_shared<const std::string>(bytes)), "error.log.2.gz");
  Plain out{read_some(*stream, cap), {}};
  out.gap = stream->gap();
  return out;
}

std::string log_text() {
  std::string text;
  for (int i = 0; i < 20000; ++i)
    text += "2026/04/21 23:18:20 [alert] 812#812: worker process " + std::to_string(i) +
            " exited on signal 11\n";
  return text;
}

}  // namespace

TEST_CASE("compressed logs are read by content, also several in one file") {
  const std::string text = log_text();
  for (const auto pack : {packed::gzip, packed::zstd, packed::xz, packed::bzip2}) {
    CHECK(inflate(pack(text)).text == text);
    const Plain two = inflate(pack(text) + pack("tail\n"));
    CHECK(two.text == text + "tail\n");
    CHECK_FALSE(two.gap);
  }
}

TEST_CASE("plain text passes through, also when it begins like an archive") {
  CHECK(inflate("BZh what a word").text == "BZh what a word");
  CHECK(inflate("x").text == "x");
  CHECK(inflate("").text.empty());
  CHECK_FALSE(inflate("").gap);
}

TEST_CASE("a truncated file gives what could be read and says so") {
  const std::string text = log_text();
  for (const auto pack : {packed::gzip, packed::zstd, packed::xz, packed::bzip2}) {
    const std::string whole = pack(text);
    const Plain half = inflate(whole.substr(0, whole.size() - 10));
    REQUIRE(half.gap);
    CHECK(half.gap->why.find("cut short") != std::string::npos);
    CHECK(text.compare(0, half.text.size(), half.text) == 0);
  }
  CHECK(inflate(packed::gzip(text).substr(0, 20000)).text.size() > 1000);
  CHECK(inflate("\x1f\x8b\x08").gap);
}

TEST_CASE("a damaged file gives what stood before the damage") {
  std::string bytes = packed::gzip(log_text());
  for (size_t i = bytes.size() / 2; i < bytes.size() / 2 + 64; ++i) bytes[i] = '\xff';
  const Plain plain = inflate(bytes);
  REQUIRE(plain.gap);
  CHECK(plain.gap->why.find("damaged") != std::string::npos);
}

TEST_CASE("padding after the end is silent, anything else is said") {
  CHECK_FALSE(inflate(packed::gzip("a\n") + std::string(200000, '\0')).gap);
  const Plain rest = inflate(packed::gzip("a\n") + "more");
  CHECK(rest.text == "a\n");
  REQUIRE(rest.gap);
  CHECK(rest.gap->why.find("something else") != std::string::npos);
}

TEST_CASE("a bomb is cut") {
  const std::string zeros(200u << 20, '\0');
  const std::string bomb = packed::zstd(zeros);
  std::string bombs;
  for (int i = 0; i < 8; ++i) bombs += bomb;
  auto stream = decompressed(memory_stream(std::make_shared<const std::string>(bombs)), "bomb.zst");
  std::string buffer(1u << 20, '\0');
  uint64_t total = 0;
  while (const size_t count = stream->read(buffer.data(), buffer.size())) total += count;
  CHECK(total < (1600u << 20));
  REQUIRE(stream->gap());
  CHECK(stream->gap()->why.find("beyond reason") != std::string::npos);
}

TEST_CASE("any bytes end") {
  for (const std::string& magic : {std::string("\x1f\x8b\x08"), std::string("\x28\xb5\x2f\xfd"),
                                   std::string("\xfd"
                                               "7zXZ\0",
                                               6),
                                   std::string("BZh91AY&SY")}) {
    std::string bytes = magic;
    for (unsigned i = 0; i < 5000; ++i) bytes += static_cast<char>((i * 2654435761u) >> 13);
    CHECK(inflate(bytes).text.size() < (1u << 26));
  }
}

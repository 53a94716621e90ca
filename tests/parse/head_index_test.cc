#include "libdiag/parse/head_index.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using ngxdiag::parse::HeadIndex;

namespace {

// What comes back, of which the caller still compares: here those that truly begin the text.
std::vector<uint32_t> beginnings(const HeadIndex& index, const std::vector<std::string>& heads,
                                 std::string_view text) {
  std::vector<uint32_t> out;
  for (const uint32_t i : index.find(text))
    if (text.starts_with(heads[i])) out.push_back(i);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("all literals that a text begins with come back, few others do") {
  const std::vector<std::string> heads{"connect() failed", "connect() to ", "", "co", "worker"};
  HeadIndex index;
  for (uint32_t i = 0; i < heads.size(); ++i) index.add(heads[i], i);
  index.build();
  CHECK(beginnings(index, heads, "connect() to 10.0.0.5:80 failed") ==
        std::vector<uint32_t>{1, 2, 3});
  CHECK(beginnings(index, heads, "") == std::vector<uint32_t>{2});
  CHECK(beginnings(index, heads, "co") == std::vector<uint32_t>{2, 3});
  CHECK(beginnings(index, heads, "\xff") == std::vector<uint32_t>{2});
  HeadIndex empty;
  empty.build();
  CHECK(empty.find("text").empty());
}

TEST_CASE("nothing is missed among random literals of few letters") {
  std::mt19937 dice(7);
  const auto word = [&dice](size_t most) {
    std::string out;
    for (size_t i = dice() % most; i > 0; --i) out += static_cast<char>('a' + dice() % 3);
    return out;
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<std::string> heads;
    HeadIndex index;
    for (uint32_t i = 0; i < 60; ++i) {
      heads.push_back(word(9));
      index.add(heads.back(), i);
    }
    index.build();
    for (int i = 0; i < 200; ++i) {
      const std::string text = word(12);
      std::vector<uint32_t> wanted;
      for (uint32_t k = 0; k < heads.size(); ++k)
        if (text.starts_with(heads[k])) wanted.push_back(k);
      REQUIRE(beginnings(index, heads, text) == wanted);
    }
  }
}

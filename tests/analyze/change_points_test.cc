#include "libdiag/analyze/change_points.h"

#include <doctest/doctest.h>

using namespace ngxdiag::analyze;

namespace {

// The same numbers on every run (a linear congruential generator).
std::vector<int64_t> noise(size_t count, int64_t mean, uint32_t seed) {
  std::vector<int64_t> out;
  for (size_t i = 0; i < count; ++i) {
    int64_t value = 0;
    for (int64_t k = 0; k < 4 * mean; ++k) {
      seed = seed * 1664525u + 1013904223u;
      value += seed >> 30 == 0;
    }
    out.push_back(value);
  }
  return out;
}

}  // namespace

TEST_CASE("a rise and a fall are found where they are") {
  std::vector<int64_t> counts = noise(200, 2, 1);
  const auto high = noise(15, 40, 2);
  std::copy(high.begin(), high.end(), counts.begin() + 120);
  const auto segments = rate_segments(counts, 3);
  REQUIRE(segments.size() == 3);
  CHECK(segments[1].from == 120);
  CHECK(segments[1].until == 135);
  CHECK(segments[2].until == 200);
}

TEST_CASE("an even series has one segment, whatever its level") {
  for (const int64_t mean : {1, 5, 50})
    for (uint32_t seed = 1; seed <= 10; ++seed) {
      CAPTURE(mean);
      CAPTURE(seed);
      CHECK(rate_segments(noise(300, mean, seed), 3).size() == 1);
    }
  CHECK(rate_segments(std::vector<int64_t>(50, 0), 3).size() == 1);
}

TEST_CASE("a lively series is not cut to pieces") {
  std::vector<int64_t> counts = noise(300, 3, 7);
  for (size_t i = 0; i < counts.size(); ++i) counts[i] *= i % 3 == 0 ? 20 : 5;
  CHECK(dispersion(counts) > 5);
  CHECK(rate_segments(counts, 3).size() <= 3);
}

TEST_CASE("segments cover everything once") {
  const std::vector<int64_t> counts{0, 0, 90, 0, 0, 0, 5000, 4000, 0, 1};
  size_t at = 0;
  int64_t sum = 0;
  for (const RateSegment& segment : rate_segments(counts, 3)) {
    CHECK(segment.from == at);
    CHECK(segment.until > segment.from);
    at = segment.until;
    sum += segment.count;
  }
  CHECK(at == counts.size());
  CHECK(sum == 9091);
  CHECK(rate_segments({}, 3).empty());
  CHECK(rate_segments({7}, 3).size() == 1);
}

#include "libdiag/parse/literal_scan.h"

#include <cassert>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ngxdiag::parse {
namespace {

// Bytes that are frequent in messages say little; the pair with the rarest ones is looked for.
int rarity(char c) {
  static constexpr std::string_view kFrequent = " etoirnasdlcupmfhgb";
  const size_t at = kFrequent.find(c);
  return at == std::string_view::npos ? static_cast<int>(kFrequent.size()) : static_cast<int>(at);
}

uint8_t byte_of(char c) { return static_cast<uint8_t>(c); }

bool have_avx2() {
#if defined(__x86_64__)
  static const bool yes = __builtin_cpu_supports("avx2") != 0;
  return yes;
#else
  return false;
#endif
}

}  // namespace

void LiteralScan::add(std::string_view literal) {
  assert(literals_.size() < kMost && literal.size() >= 4);
  size_t best = 0;
  for (size_t i = 0; i + 1 < literal.size(); ++i)
    if (rarity(literal[i]) * 2 + rarity(literal[i + 1]) * 2 >
        rarity(literal[best]) * 2 + rarity(literal[best + 1]) * 2)
      best = i;
  const auto bit = static_cast<uint8_t>(1u << literals_.size());
  literals_.emplace_back(literal);
  offset_.push_back(best);
  low0_[byte_of(literal[best]) & 15] |= bit;
  high0_[byte_of(literal[best]) >> 4] |= bit;
  low1_[byte_of(literal[best + 1]) & 15] |= bit;
  high1_[byte_of(literal[best + 1]) >> 4] |= bit;
}

// `at` is where the two bytes of some candidate stand.
uint8_t LiteralScan::check(std::string_view text, size_t at, uint8_t candidates) const {
  uint8_t found = 0;
  for (size_t i = 0; i < literals_.size(); ++i) {
    if ((candidates >> i & 1) == 0 || at < offset_[i]) continue;
    const size_t start = at - offset_[i];
    if (text.size() - start >= literals_[i].size() &&
        std::memcmp(text.data() + start, literals_[i].data(), literals_[i].size()) == 0)
      found = static_cast<uint8_t>(found | 1u << i);
  }
  return found;
}

uint8_t LiteralScan::find_plain(std::string_view text) const {
  uint8_t found = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const uint8_t a = byte_of(text[i]), b = byte_of(text[i + 1]);
    const auto hit = static_cast<uint8_t>(low0_[a & 15] & high0_[a >> 4] & low1_[b & 15] &
                                          high1_[b >> 4] & ~found);
    if (hit != 0) found = static_cast<uint8_t>(found | check(text, i, hit));
  }
  return found;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) uint8_t LiteralScan::find_wide(std::string_view text) const {
  constexpr size_t kStep = 32;
  if (text.size() <= kStep) return find_narrow(text);
  const auto load = [](const std::array<uint8_t, 16>& half) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(half.data()));
  };
  const __m256i low0 = _mm256_broadcastsi128_si256(load(low0_)),
                high0 = _mm256_broadcastsi128_si256(load(high0_)),
                low1 = _mm256_broadcastsi128_si256(load(low1_)),
                high1 = _mm256_broadcastsi128_si256(load(high1_)), nibble = _mm256_set1_epi8(15);
  uint8_t found = 0;
  const size_t last = text.size() - kStep - 1;  // the last step overlaps the one before
  for (size_t i = 0;; i = i + kStep < last ? i + kStep : last) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + i));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + i + 1));
    const __m256i hits = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(low0, _mm256_and_si256(a, nibble)),
            _mm256_shuffle_epi8(high0, _mm256_and_si256(_mm256_srli_epi16(a, 4), nibble))),
        _mm256_and_si256(
            _mm256_shuffle_epi8(low1, _mm256_and_si256(b, nibble)),
            _mm256_shuffle_epi8(high1, _mm256_and_si256(_mm256_srli_epi16(b, 4), nibble))));
    auto places = ~static_cast<uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(hits, _mm256_setzero_si256())));
    if (places != 0) {
      alignas(32) std::array<uint8_t, kStep> bits;
      _mm256_store_si256(reinterpret_cast<__m256i*>(bits.data()), hits);
      for (; places != 0; places &= places - 1) {
        const auto place = static_cast<size_t>(__builtin_ctz(places));
        found = static_cast<uint8_t>(found | check(text, i + place, bits[place]));
      }
    }
    if (i == last) return found;
  }
}

__attribute__((target("avx2"))) uint8_t LiteralScan::find_narrow(std::string_view text) const {
  constexpr size_t kStep = 16;
  if (text.size() <= kStep) return find_plain(text);
  const auto table = [](const std::array<uint8_t, 16>& half) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(half.data()));
  };
  const __m128i nibble = _mm_set1_epi8(15);
  uint8_t found = 0;
  const size_t last = text.size() - kStep - 1;
  for (size_t i = 0;; i = last) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i + 1));
    const __m128i hits = _mm_and_si128(
        _mm_and_si128(_mm_shuffle_epi8(table(low0_), _mm_and_si128(a, nibble)),
                      _mm_shuffle_epi8(table(high0_), _mm_and_si128(_mm_srli_epi16(a, 4), nibble))),
        _mm_and_si128(
            _mm_shuffle_epi8(table(low1_), _mm_and_si128(b, nibble)),
            _mm_shuffle_epi8(table(high1_), _mm_and_si128(_mm_srli_epi16(b, 4), nibble))));
    auto places =
        ~static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(hits, _mm_setzero_si128()))) &
        0xffffu;
    alignas(16) std::array<uint8_t, kStep> bits;
    _mm_store_si128(reinterpret_cast<__m128i*>(bits.data()), hits);
    for (; places != 0; places &= places - 1) {
      const auto place = static_cast<size_t>(__builtin_ctz(places));
      found = static_cast<uint8_t>(found | check(text, i + place, bits[place]));
    }
    if (i == last) return found;
  }
}
#else
uint8_t LiteralScan::find_wide(std::string_view text) const { return find_plain(text); }
#endif

uint8_t LiteralScan::find(std::string_view text) const {
  if (literals_.empty()) return 0;
  return have_avx2() ? find_wide(text) : find_plain(text);
}

}  // namespace ngxdiag::parse

#include "libdiag/parse/line_masks.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ngxdiag::parse {
namespace {

bool have_avx2() {
#if defined(__x86_64__)
  static const bool yes = __builtin_cpu_supports("avx2") != 0;
  return yes;
#else
  return false;
#endif
}

}  // namespace

void LineMasks::fill(const char* data, size_t size) {
  size_ = size;
  words_ = (size + 63) / 64;
  if (newlines_.size() < words_ + 1) {
    newlines_.resize(words_ + 1);
    quotes_.resize(words_ + 1);
    marks_.resize(words_ + 1);
  }
  escapes_ = false;
  have_avx2() ? fill_wide(data, words_) : fill_plain(data, words_);
  if (size % 64 != 0) {
    const uint64_t inside = ~uint64_t{0} >> (64 - size % 64);
    newlines_[words_ - 1] &= inside;
    quotes_[words_ - 1] &= inside;
    marks_[words_ - 1] &= inside;
  }
  newlines_[words_] = quotes_[words_] = marks_[words_] = 0;
}

void LineMasks::fill_plain(const char* data, size_t words) {
  for (size_t word = 0; word < words; ++word) {
    uint64_t newline = 0, quote = 0, mark = 0;
    const char* at = data + word * 64;
    for (size_t i = 0; i < 64; ++i) {
      newline |= static_cast<uint64_t>(at[i] == '\n') << i;
      quote |= static_cast<uint64_t>(at[i] == '"') << i;
      escapes_ = escapes_ || (at[i] == '"' && at[i - 1] == '\\');
      mark |= static_cast<uint64_t>(at[i] == 't' && at[i - 1] == 'n' && at[i + 1] == ':') << i;
    }
    newlines_[word] = newline;
    quotes_[word] = quote;
    marks_[word] = mark;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void LineMasks::fill_wide(const char* data, size_t words) {
  const __m256i newline = _mm256_set1_epi8('\n'), quote = _mm256_set1_epi8('"'),
                backslash = _mm256_set1_epi8('\\'), n = _mm256_set1_epi8('n'),
                t = _mm256_set1_epi8('t'), colon = _mm256_set1_epi8(':');
  __m256i escaped = _mm256_setzero_si256();
  for (size_t word = 0; word < words; ++word) {
    uint64_t bits[3] = {0, 0, 0};
    for (size_t half = 0; half < 2; ++half) {
      const char* at = data + word * 64 + half * 32;
      const __m256i here = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)),
                    before = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at - 1)),
                    behind = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 1));
      const __m256i found[3] = {_mm256_cmpeq_epi8(here, newline), _mm256_cmpeq_epi8(here, quote),
                                _mm256_and_si256(_mm256_and_si256(_mm256_cmpeq_epi8(here, t),
                                                                  _mm256_cmpeq_epi8(before, n)),
                                                 _mm256_cmpeq_epi8(behind, colon))};
      escaped = _mm256_or_si256(escaped,
                                _mm256_and_si256(found[1], _mm256_cmpeq_epi8(before, backslash)));
      for (size_t i = 0; i < 3; ++i)
        bits[i] |= static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(found[i])))
                   << half * 32;
    }
    newlines_[word] = bits[0];
    quotes_[word] = bits[1];
    marks_[word] = bits[2];
  }
  escapes_ = _mm256_testz_si256(escaped, escaped) == 0;
}
#else
void LineMasks::fill_wide(const char* data, size_t words) { fill_plain(data, words); }
#endif

}  // namespace ngxdiag::parse

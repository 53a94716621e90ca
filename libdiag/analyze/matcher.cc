#include "libdiag/analyze/matcher.h"

#include <algorithm>
#include <cstring>

#include "libdiag/base/error.h"

namespace ngxdiag::analyze {
namespace {

constexpr size_t kGram = 4;

uint32_t gram(const char* at) {
  uint32_t value;
  std::memcpy(&value, at, kGram);
  return value;
}

uint32_t slot_of(uint32_t value) { return (value * 2654435761u) >> 17; }

// How common a byte is in nginx's logs; the gram with the rarest bytes is looked up.
int commonness(char c) {
  if (c == ' ' || c == 'e' || c == 't' || c == 's' || c == 'r' || c == 'n' || c == 'o') return 4;
  if (c >= '0' && c <= '9') return 4;
  if (c >= 'a' && c <= 'z') return 3;
  if (c == '.' || c == '/' || c == '"' || c == ':' || c == ',') return 3;
  return 1;
}

size_t rarest_gram(std::string_view text) {
  size_t best = 0;
  int best_cost = 1000;
  for (size_t i = 0; i + kGram <= text.size(); ++i) {
    int cost = 0;
    for (size_t j = i; j < i + kGram; ++j) cost += commonness(text[j]);
    if (cost < best_cost) {
      best_cost = cost;
      best = i;
    }
  }
  return best;
}

}  // namespace

Matcher::Matcher(const std::vector<model::LinePattern>& patterns, model::Kind kind)
    : patterns_(patterns), first_(kSlots + 1, 0), compiled_(patterns.size()) {
  for (size_t i = 0; i < patterns.size(); ++i) {
    const model::LinePattern& pattern = patterns[i];
    if (!pattern.in.empty() &&
        std::find(pattern.in.begin(), pattern.in.end(), kind) == pattern.in.end())
      continue;
    const std::string_view text = pattern.contains;
    if (text.size() < kGram)
      short_.push_back({text, 0, i});
    else
      literals_.push_back({text, rarest_gram(text), i});
  }
  const auto slot = [](const Literal& literal) {
    return slot_of(gram(literal.text.data() + literal.gram_at));
  };
  std::stable_sort(literals_.begin(), literals_.end(),
                   [&](const Literal& a, const Literal& b) { return slot(a) < slot(b); });
  for (const Literal& literal : literals_) {
    const uint32_t s = slot(literal);
    bits_[s / 64] |= uint64_t{1} << (s % 64);
    ++first_[s + 1];
  }
  for (size_t s = 0; s < kSlots; ++s) first_[s + 1] += first_[s];
}

bool Matcher::accepts(size_t index, std::string_view line, std::string_view level, Match& match) {
  const model::LinePattern& pattern = patterns_[index];
  if (!pattern.levels.empty() && !level.empty() &&
      std::find(pattern.levels.begin(), pattern.levels.end(), level) == pattern.levels.end())
    return false;
  match.pattern = index;
  match.captures.clear();
  if (pattern.regex.empty()) return true;
  Compiled& compiled = compiled_[index];
  if (!compiled.tried) {
    compiled.tried = true;
    try {
      compiled.regex.emplace(pattern.regex);
    } catch (const base::UserError&) {
      compiled.regex.reset();
    }
  }
  return compiled.regex && compiled.regex->search(line, match.captures);
}

void Matcher::find(std::string_view line, std::string_view level, std::vector<Match>& out) {
  out.clear();
  candidates_.clear();
  if (line.size() >= kGram && !literals_.empty()) {
    const char* const data = line.data();
    const size_t last = line.size() - kGram;
    for (size_t i = 0; i <= last; ++i) {
      const uint32_t s = slot_of(gram(data + i));
      if (!(bits_[s / 64] >> (s % 64) & 1)) continue;
      for (size_t k = first_[s]; k < first_[s + 1]; ++k) {
        const Literal& literal = literals_[k];
        if (i < literal.gram_at || line.size() - (i - literal.gram_at) < literal.text.size())
          continue;
        if (std::memcmp(data + i - literal.gram_at, literal.text.data(), literal.text.size()) == 0)
          candidates_.push_back(literal.pattern);
      }
    }
  }
  for (const Literal& literal : short_)
    if (line.find(literal.text) != std::string_view::npos) candidates_.push_back(literal.pattern);
  if (candidates_.empty()) return;
  std::sort(candidates_.begin(), candidates_.end());
  candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
  Match match;
  for (const size_t candidate : candidates_)
    if (accepts(candidate, line, level, match)) out.push_back(match);
}

}  // namespace ngxdiag::analyze

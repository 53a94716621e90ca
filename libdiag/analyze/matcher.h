// Finds the text patterns of all rules in a line, fast: a bit table over four-byte grams says where
// a literal may begin, so a line without any costs one look-up per byte.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "libdiag/base/regex.h"
#include "libdiag/model/pattern.h"

namespace ngxdiag::analyze {

class Matcher {
 public:
  // The patterns that apply to `kind`. `patterns` must outlive the matcher.
  Matcher(const std::vector<model::LinePattern>& patterns, model::Kind kind);

  struct Match {
    size_t pattern;                          // index into `patterns`
    std::vector<std::string_view> captures;  // empty without a regex
  };
  // All patterns met in `line`, each once, in pattern order. `level` is nginx's level name or "".
  // Regexes are compiled when their literal is first met; an invalid one never matches (lint says
  // so).
  void find(std::string_view line, std::string_view level, std::vector<Match>& out);

  bool empty() const { return literals_.empty() && short_.empty(); }

 private:
  struct Literal {
    std::string_view text;  // into the pattern
    size_t gram_at;         // offset of the four bytes the table knows
    size_t pattern;
  };
  bool accepts(size_t pattern, std::string_view line, std::string_view level, Match& match);

  static constexpr size_t kSlots = 1u << 15;
  const std::vector<model::LinePattern>& patterns_;
  std::vector<Literal> literals_;  // ordered by slot
  std::vector<Literal> short_;     // shorter than a gram
  std::array<uint64_t, kSlots / 64> bits_{};
  std::vector<uint32_t> first_;  // slot -> first literal
  struct Compiled {
    bool tried = false;
    std::optional<base::Regex> regex;
  };
  std::vector<Compiled> compiled_;
  std::vector<size_t> candidates_;
};

}  // namespace ngxdiag::analyze

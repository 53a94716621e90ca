// Regular expressions: the one place for Boost.Regex (Perl syntax, linear guard by its complexity
// limit).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::base {

// A compiled Perl-syntax expression. Copies share the compiled program.
// A match that grows too complex counts as "no match": evidence is hostile and must not hang a
// scan.
class Regex {
 public:
  // Throws UserError (what, excerpt = the expression) when `expression` is not a valid one.
  explicit Regex(std::string_view expression, bool ignore_case = false);

  // True when the expression matches somewhere in `text`.
  bool search(std::string_view text) const;

  // As search(); on a match fills `groups` with the whole match and its captures
  // (views into `text`; an unused group is empty).
  bool search(std::string_view text, std::vector<std::string_view>& groups) const;

  const std::string& expression() const { return expression_; }

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
  std::string expression_;
};

}  // namespace ngxdiag::base

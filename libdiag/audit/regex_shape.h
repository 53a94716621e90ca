// What a regular expression of a configuration is made of, read as PCRE reads it: its groups, its
// anchors, which characters a group can hold, and whether a hostile text makes it run for ever.
//   ^/user/(?<name>[^/]+)/(.*)$   ->  2 groups, anchored at both ends, group 1 can hold a newline
// Nothing is matched here. What is not understood (recursion, conditionals) is not judged.
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::audit {

using CharSet = std::bitset<256>;

struct RegexNode {
  enum class Kind { kChars, kStart, kEnd, kZero, kGroup, kAlternatives, kSequence, kRepeat, kLook };
  Kind kind = Kind::kSequence;
  CharSet chars;                 // of kChars: one character of these
  std::vector<RegexNode> parts;  // of kRepeat, kGroup and kLook: one
  int group = 0;                 // of kGroup: its number; 0 does not capture
  std::string name;              // of kGroup
  int least = 1, most = 1;       // of kRepeat; most -1: no bound
  bool possessive = false;       // kRepeat and kGroup (atomic): gives nothing back
};

class RegexShape {
 public:
  // Empty when the expression is not understood or not a valid one.
  static std::optional<RegexShape> parse(std::string_view expression, bool ignore_case = false);

  int groups() const { return groups_; }
  // The number of the group of that name, or 0.
  int group_named(std::string_view name) const;
  bool starts_anchored() const;  // every way through begins at the start of the text
  bool ends_anchored() const;
  bool has_anchor() const;  // ^ or $ stands somewhere
  // The only text it matches, when it is `^literal$`.
  std::optional<std::string> exact_text() const;
  // Characters that can stand first (last) in a match; empty set when it can be empty there.
  CharSet first_chars() const;
  CharSet last_chars() const;
  // True when group `number` can hold the character; false for a group that does not exist.
  bool group_may_hold(int number, char c) const;
  // True when group `inner` lies within group `outer`, or they are the same.
  bool encloses(int outer, int inner) const;
  // The part that can be split in exponentially many ways, as a position-free description; empty
  // when there is none ("(a+)+$").
  bool explodes() const;

 private:
  const RegexNode* find_group(const RegexNode& from, int number) const;

  RegexNode root_;
  int groups_ = 0;
};

}  // namespace ngxdiag::audit

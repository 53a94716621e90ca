#include "libdiag/audit/regex_shape.h"

#include <algorithm>
#include <functional>

namespace ngxdiag::audit {
namespace {

using Kind = RegexNode::Kind;
constexpr int kDeepest = 60, kMostQuantifiers = 3;
constexpr size_t kLongest = 4096;  // nginx has no longer word

CharSet range(int from, int to) {
  CharSet set;
  for (int c = from; c <= to; ++c) set.set(static_cast<size_t>(c));
  return set;
}
CharSet one(char c) { return CharSet().set(static_cast<unsigned char>(c)); }
CharSet digits() { return range('0', '9'); }
CharSet word_chars() { return range('a', 'z') | range('A', 'Z') | digits() | one('_'); }
CharSet blanks() { return range(9, 13) | one(' '); }
CharSet any_but_newline() { return ~one('\n'); }

CharSet both_cases(CharSet set) {
  for (size_t c = 'a'; c <= 'z'; ++c)
    if (set[c] || set[c - 32]) set.set(c), set.set(c - 32);
  return set;
}

class Parser {
 public:
  Parser(std::string_view text, bool ignore_case) : rest_(text), ignore_case_(ignore_case) {}

  std::optional<RegexNode> whole(int& groups) {
    RegexNode root = alternatives(0);
    if (failed_ || !rest_.empty()) return std::nullopt;
    groups = groups_;
    return root;
  }

 private:
  bool eat(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  char take() {
    if (rest_.empty()) {
      failed_ = true;
      return 0;
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  static RegexNode leaf(Kind kind) {
    RegexNode node;
    node.kind = kind;
    return node;
  }
  RegexNode chars(CharSet set) const {
    RegexNode node = leaf(Kind::kChars);
    node.chars = ignore_case_ ? both_cases(set) : set;
    return node;
  }

  RegexNode alternatives(int depth) {
    RegexNode node = leaf(Kind::kAlternatives);
    if (depth > kDeepest) failed_ = true;
    do {
      node.parts.push_back(sequence(depth));
    } while (!failed_ && eat("|"));
    if (node.parts.size() == 1) {
      RegexNode only = std::move(node.parts.front());
      return only;
    }
    return node;
  }

  RegexNode sequence(int depth) {
    RegexNode node = leaf(Kind::kSequence);
    while (!failed_ && !rest_.empty() && rest_[0] != '|' && rest_[0] != ')') {
      if (eat("(?i)")) {
        ignore_case_ = true;
        continue;
      }
      if (eat("(?s)")) {
        dot_all_ = true;
        continue;
      }
      if (eat("\\Q")) {
        while (!rest_.empty() && !eat("\\E")) node.parts.push_back(chars(one(take())));
        continue;
      }
      node.parts.push_back(quantified(atom(depth)));
    }
    return node;
  }

  RegexNode quantified(RegexNode inner) {
    for (int nested = 0; nested < kMostQuantifiers && !failed_ && !rest_.empty(); ++nested) {
      int least = 0, most = -1;
      if (eat("*")) {
      } else if (eat("+")) {
        least = 1;
      } else if (eat("?")) {
        most = 1;
      } else if (rest_[0] != '{' || !bounds(least, most)) {
        break;
      }
      RegexNode repeat = leaf(Kind::kRepeat);
      repeat.least = least;
      repeat.most = most;
      repeat.possessive = eat("+");
      if (!repeat.possessive) eat("?");
      repeat.parts.push_back(std::move(inner));
      inner = std::move(repeat);
    }
    return inner;
  }

  // "{2}", "{2,}", "{2,5}"; anything else is literal.
  bool bounds(int& least, int& most) {
    size_t i = 1;
    const auto number = [&](int& value) {
      const size_t from = i;
      int64_t sum = 0;
      while (i < rest_.size() && rest_[i] >= '0' && rest_[i] <= '9' && i - from < 6)
        sum = sum * 10 + (rest_[i++] - '0');
      value = static_cast<int>(sum);
      return i > from;
    };
    int low = 0, high = 0;
    if (!number(low)) return false;
    high = low;
    if (i < rest_.size() && rest_[i] == ',') {
      ++i;
      if (!number(high)) high = -1;
    }
    if (i >= rest_.size() || rest_[i] != '}') return false;
    rest_.remove_prefix(i + 1);
    least = low;
    most = high;
    return true;
  }

  RegexNode atom(int depth) {
    const char c = take();
    switch (c) {
      case '^': return leaf(Kind::kStart);
      case '$': return leaf(Kind::kEnd);
      case '.': return chars(dot_all_ ? ~CharSet() : any_but_newline());
      case '(': return group(depth);
      case '[': return char_class();
      case '\\': return escape();
      case '*':
      case '+':
      case '?': failed_ = true; return leaf(Kind::kZero);
      default: return chars(one(c));
    }
  }

  RegexNode group(int depth) {
    RegexNode node = leaf(Kind::kGroup);
    const bool outer_case = ignore_case_, outer_dot = dot_all_;
    if (eat("?:")) {
    } else if (eat("?i:")) {
      ignore_case_ = true;
    } else if (eat("?>")) {
      node.possessive = true;
    } else if (eat("?=") || eat("?!") || eat("?<=") || eat("?<!")) {
      node.kind = Kind::kLook;
    } else if (eat("?P<") || eat("?<")) {
      named(node, '>');
    } else if (eat("?'")) {
      named(node, '\'');
    } else if (eat("?#")) {
      while (!rest_.empty() && rest_[0] != ')') rest_.remove_prefix(1);
      node.kind = Kind::kZero;
      if (!eat(")")) failed_ = true;
      return node;
    } else if (!rest_.empty() && rest_[0] == '?') {
      failed_ = true;  // recursion, conditionals, other flags
    } else if (!rest_.empty() && rest_[0] == '*') {
      failed_ = true;  // (*UTF8) and other verbs
    } else {
      node.group = ++groups_;
    }
    node.parts.push_back(alternatives(depth + 1));
    if (!eat(")")) failed_ = true;
    ignore_case_ = outer_case;
    dot_all_ = outer_dot;
    return node;
  }

  void named(RegexNode& node, char closing) {
    const size_t end = rest_.find(closing);
    if (end == std::string_view::npos) {
      failed_ = true;
      return;
    }
    node.name = rest_.substr(0, end);
    node.group = ++groups_;
    rest_.remove_prefix(end + 1);
  }

  RegexNode escape() {
    const char c = take();
    switch (c) {
      case 'A':
      case 'G': return leaf(Kind::kStart);
      case 'z':
      case 'Z': return leaf(Kind::kEnd);
      case 'b':
      case 'B':
      case 'K': return leaf(Kind::kZero);
      case 'R': return chars(range(10, 13));
      case 'X':
      case 'C': return chars(~CharSet());
      default: break;
    }
    if (c >= '1' && c <= '9') {  // a back reference may be any text
      while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') rest_.remove_prefix(1);
      RegexNode any = leaf(Kind::kRepeat);
      any.least = 0;
      any.most = 1;
      any.parts.push_back(chars(~CharSet()));
      return any;
    }
    if (c == 'k' || c == 'g') failed_ = true;
    return chars(escaped_set(c));
  }

  CharSet escaped_set(char c) {
    switch (c) {
      case 'd': return digits();
      case 'D': return ~digits();
      case 'w': return word_chars();
      case 'W': return ~word_chars();
      case 's': return blanks();
      case 'S': return ~blanks();
      case 'h': return one(' ') | one('\t');
      case 'H': return ~(one(' ') | one('\t'));
      case 'v': return range(10, 13);
      case 'V':
      case 'N': return ~one('\n');
      case 'n': return one('\n');
      case 'r': return one('\r');
      case 't': return one('\t');
      case 'f': return one('\f');
      case 'e': return one('\x1b');
      case 'a': return one('\a');
      case 'p':
      case 'P': return property(c == 'P');
      case 'x': return hex();
      case '0': return one('\0');
      default: return one(c);
    }
  }

  // \pL, \p{Lu}: letters and what lies above ASCII; \P{…} the rest and what lies above ASCII.
  CharSet property(bool negated) {
    if (eat("{")) {
      while (!rest_.empty() && rest_[0] != '}') rest_.remove_prefix(1);
      if (!eat("}")) failed_ = true;
    } else {
      take();
    }
    const CharSet high = range(128, 255), letters = range('a', 'z') | range('A', 'Z') | digits();
    return negated ? ~letters | high : letters | high;
  }

  CharSet hex() {
    const auto digit = [](char c) {
      if (c >= '0' && c <= '9') return c - '0';
      if (c >= 'a' && c <= 'f') return c - 'a' + 10;
      if (c >= 'A' && c <= 'F') return c - 'A' + 10;
      return -1;
    };
    const bool braces = eat("{");
    int value = 0;
    for (int i = 0; (braces || i < 2) && i < 8 && !rest_.empty() && digit(rest_[0]) >= 0; ++i)
      value = value * 16 + digit(take());
    if (braces && !eat("}")) failed_ = true;
    if (value > 255) return range(128, 255);
    return CharSet().set(static_cast<size_t>(value));
  }

  RegexNode char_class() {
    const bool negated = eat("^");
    CharSet set;
    bool first = true;
    while (!failed_ && (first || rest_.empty() || rest_[0] != ']')) {
      first = false;
      if (posix_class(set)) continue;
      const char c = take();
      bool single = true;
      CharSet item = one(c);
      if (c == '\\') {
        const char e = take();
        item = e == 'b' ? one('\b') : escaped_set(e);
        single = item.count() == 1;
      }
      // A range: "a-z"; a dash before "]" or behind a class is a dash.
      if (single && rest_.size() >= 2 && rest_[0] == '-' && rest_[1] != ']') {
        rest_.remove_prefix(1);
        const char d = take();
        const CharSet to = d == '\\' ? escaped_set(take()) : one(d);
        if (to.count() == 1) {
          set |= range(lowest(item), lowest(to));
          continue;
        }
        item |= to | one('-');
      }
      set |= item;
    }
    if (!eat("]")) failed_ = true;
    if (ignore_case_) set = both_cases(set);
    return chars(negated ? ~set : set);
  }

  static int lowest(const CharSet& set) {
    for (int c = 0; c < 256; ++c)
      if (set[static_cast<size_t>(c)]) return c;
    return 0;
  }

  bool posix_class(CharSet& set) {
    if (!rest_.starts_with("[:")) return false;
    const size_t end = rest_.find(":]");
    if (end == std::string_view::npos) return false;
    const std::string_view name = rest_.substr(2, end - 2);
    CharSet found;
    if (name == "alpha")
      found = range('a', 'z') | range('A', 'Z');
    else if (name == "digit")
      found = digits();
    else if (name == "alnum")
      found = range('a', 'z') | range('A', 'Z') | digits();
    else if (name == "lower")
      found = range('a', 'z');
    else if (name == "upper")
      found = range('A', 'Z');
    else if (name == "space")
      found = blanks();
    else if (name == "xdigit")
      found = digits() | range('a', 'f') | range('A', 'F');
    else if (name == "word")
      found = word_chars();
    else if (name == "punct" || name == "graph" || name == "print")
      found = range(33, 126);
    else
      return false;
    set |= found;
    rest_.remove_prefix(end + 2);
    return true;
  }

  std::string_view rest_;
  bool ignore_case_, dot_all_ = false, failed_ = false;
  int groups_ = 0;
};

bool nullable(const RegexNode& node) {
  switch (node.kind) {
    case Kind::kChars: return false;
    case Kind::kStart:
    case Kind::kEnd:
    case Kind::kZero:
    case Kind::kLook: return true;
    case Kind::kRepeat: return node.least == 0 || nullable(node.parts.front());
    case Kind::kAlternatives: return std::any_of(node.parts.begin(), node.parts.end(), nullable);
    case Kind::kGroup:
    case Kind::kSequence: return std::all_of(node.parts.begin(), node.parts.end(), nullable);
  }
  return true;
}

// Every character that can stand in it.
CharSet all_chars(const RegexNode& node) {
  CharSet set = node.kind == Kind::kChars ? node.chars : CharSet();
  if (node.kind != Kind::kLook)
    for (const RegexNode& part : node.parts) set |= all_chars(part);
  return set;
}

CharSet edge_chars(const RegexNode& node, bool first) {
  if (node.kind == Kind::kChars) return node.chars;
  CharSet set;
  if (node.kind == Kind::kSequence || node.kind == Kind::kGroup) {
    const size_t count = node.parts.size();
    for (size_t i = 0; i < count; ++i) {
      const RegexNode& part = node.parts[first ? i : count - 1 - i];
      set |= edge_chars(part, first);
      if (!nullable(part)) return set;
    }
    return set;
  }
  if (node.kind == Kind::kLook) return set;
  for (const RegexNode& part : node.parts) set |= edge_chars(part, first);
  return set;
}

bool anchored(const RegexNode& node, bool at_start) {
  switch (node.kind) {
    case Kind::kStart: return at_start;
    case Kind::kEnd: return !at_start;
    case Kind::kAlternatives:
      return std::all_of(node.parts.begin(), node.parts.end(),
                         [&](const RegexNode& part) { return anchored(part, at_start); });
    case Kind::kGroup: return anchored(node.parts.front(), at_start);
    case Kind::kRepeat: return node.least > 0 && anchored(node.parts.front(), at_start);
    case Kind::kSequence: {
      const size_t count = node.parts.size();
      for (size_t i = 0; i < count; ++i) {
        const RegexNode& part = node.parts[at_start ? i : count - 1 - i];
        if (anchored(part, at_start)) return true;
        if (part.kind != Kind::kZero && part.kind != Kind::kLook) return false;
      }
      return false;
    }
    default: return false;
  }
}

bool contains_kind(const RegexNode& node, Kind kind) {
  return node.kind == kind ||
         std::any_of(node.parts.begin(), node.parts.end(),
                     [&](const RegexNode& part) { return contains_kind(part, kind); });
}

// The elements of a body as a sequence, with groups that only wrap opened.
std::vector<const RegexNode*> elements(const RegexNode& node) {
  if (node.kind == Kind::kGroup && !node.possessive) return elements(node.parts.front());
  if (node.kind != Kind::kSequence) return {&node};
  std::vector<const RegexNode*> out;
  for (const RegexNode& part : node.parts) {
    const bool wraps = part.kind == Kind::kGroup && !part.possessive &&
                       part.parts.front().kind != Kind::kAlternatives;
    if (!wraps) {
      out.push_back(&part);
      continue;
    }
    for (const RegexNode* inner : elements(part)) out.push_back(inner);
  }
  return out;
}

bool unbounded(const RegexNode& node) {
  return node.kind == Kind::kRepeat && node.most < 0 && !node.possessive;
}

bool splits_in_many_ways(const RegexNode& body);

// One way through the body: a repetition within it whose characters nothing else of the body keeps
// apart from the next round's.
bool sequence_splits(const std::vector<const RegexNode*>& parts) {
  for (const RegexNode* part : parts) {
    if (!unbounded(*part)) continue;
    const CharSet set = all_chars(*part);
    const bool kept_apart = std::any_of(parts.begin(), parts.end(), [&](const RegexNode* other) {
      return other != part && !nullable(*other) && (all_chars(*other) & set).none();
    });
    if (!kept_apart) return true;
  }
  return false;
}

bool splits_in_many_ways(const RegexNode& body) {
  const auto parts = elements(body);
  if (parts.size() == 1 && parts.front()->kind == Kind::kAlternatives) {
    const auto& ways = parts.front()->parts;
    for (size_t i = 0; i < ways.size(); ++i) {
      if (sequence_splits(elements(ways[i]))) return true;
      const auto mine = elements(ways[i]);
      if (mine.size() != 1 || mine.front()->kind != Kind::kChars) continue;
      for (size_t j = i + 1; j < ways.size(); ++j) {
        const auto other = elements(ways[j]);
        if (other.size() == 1 && other.front()->kind == Kind::kChars &&
            (mine.front()->chars & other.front()->chars).any())
          return true;
      }
    }
    return false;
  }
  return sequence_splits(parts);
}

// `can_fail`: something must still match behind the node.
bool explodes_in(const RegexNode& node, bool can_fail) {
  if (node.kind == Kind::kLook) return false;
  if (node.kind == Kind::kGroup && node.possessive) return false;
  if (unbounded(node) && can_fail && splits_in_many_ways(node.parts.front())) return true;
  if (node.kind == Kind::kSequence) {
    bool behind = can_fail;
    for (auto part = node.parts.rbegin(); part != node.parts.rend(); ++part) {
      if (explodes_in(*part, behind)) return true;
      behind = behind || !nullable(*part) || part->kind == Kind::kEnd || part->kind == Kind::kLook;
    }
    return false;
  }
  return std::any_of(node.parts.begin(), node.parts.end(),
                     [&](const RegexNode& part) { return explodes_in(part, can_fail); });
}

bool holds_group(const RegexNode& node, int number) {
  return (node.kind == Kind::kGroup && node.group == number) ||
         std::any_of(node.parts.begin(), node.parts.end(),
                     [&](const RegexNode& part) { return holds_group(part, number); });
}

int number_of(const RegexNode& node, std::string_view name) {
  if (node.kind == Kind::kGroup && node.name == name) return node.group;
  for (const RegexNode& part : node.parts)
    if (const int found = number_of(part, name)) return found;
  return 0;
}

}  // namespace

std::optional<RegexShape> RegexShape::parse(std::string_view expression, bool ignore_case) {
  if (expression.size() > kLongest) return std::nullopt;
  RegexShape shape;
  auto root = Parser(expression, ignore_case).whole(shape.groups_);
  if (!root) return std::nullopt;
  shape.root_ = std::move(*root);
  return shape;
}

int RegexShape::group_named(std::string_view name) const {
  return name.empty() ? 0 : number_of(root_, name);
}
bool RegexShape::starts_anchored() const { return anchored(root_, true); }
bool RegexShape::ends_anchored() const { return anchored(root_, false); }
bool RegexShape::has_anchor() const {
  return contains_kind(root_, Kind::kStart) || contains_kind(root_, Kind::kEnd);
}

std::optional<std::string> RegexShape::exact_text() const {
  if (root_.kind != Kind::kSequence || root_.parts.size() < 3 ||
      root_.parts.front().kind != Kind::kStart || root_.parts.back().kind != Kind::kEnd)
    return std::nullopt;
  std::string text;
  for (size_t i = 1; i + 1 < root_.parts.size(); ++i) {
    const RegexNode& part = root_.parts[i];
    if (part.kind != Kind::kChars || part.chars.count() != 1) return std::nullopt;
    for (size_t c = 0; c < 256; ++c)
      if (part.chars[c]) text += static_cast<char>(c);
  }
  return text;
}

CharSet RegexShape::first_chars() const {
  return nullable(root_) ? CharSet() : edge_chars(root_, true);
}
CharSet RegexShape::last_chars() const {
  return nullable(root_) ? CharSet() : edge_chars(root_, false);
}

const RegexNode* RegexShape::find_group(const RegexNode& from, int number) const {
  if (from.kind == Kind::kGroup && from.group == number) return &from;
  for (const RegexNode& part : from.parts)
    if (const RegexNode* found = find_group(part, number)) return found;
  return nullptr;
}

bool RegexShape::group_may_hold(int number, char c) const {
  if (number == 0) return all_chars(root_)[static_cast<unsigned char>(c)];
  const RegexNode* group = find_group(root_, number);
  return group && all_chars(*group)[static_cast<unsigned char>(c)];
}

bool RegexShape::encloses(int outer, int inner) const {
  const RegexNode* group = find_group(root_, outer);
  return group && holds_group(*group, inner);
}

bool RegexShape::explodes() const { return explodes_in(root_, false); }

}  // namespace ngxdiag::audit

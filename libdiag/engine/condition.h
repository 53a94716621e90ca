// Conditions over facts, in three values: what was not seen is unknown, never false.
//   {"all": [{"module": "nchan"}, {"fact": "deaths.total", "at_least": "many"}]}
// docs/rule-format.md has the forms; the short ones (module, directive, zone, …) are read into
// tests of the facts they stand for, so that evaluation knows only what is here.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/regex.h"
#include "libdiag/model/fact.h"

namespace ngxdiag::engine {

enum class Truth { kFalse, kUnknown, kTrue };

Truth both(Truth a, Truth b);    // false as soon as one is false, else unknown if one is
Truth either(Truth a, Truth b);  // true as soon as one is true, else unknown if one is
Truth negate(Truth a);           // unknown stays unknown

// Compiled when first needed: most rules of a scan never come so far.
class LazyRegex {
 public:
  explicit LazyRegex(std::string expression) : expression_(std::move(expression)) {}

  const std::string& expression() const { return expression_; }
  // Null when the expression is not a valid one (`rules lint` says so).
  const base::Regex* get() const;

 private:
  std::string expression_;
  mutable std::once_flag once_;
  mutable std::optional<base::Regex> program_;
};

struct Condition {
  enum class Op { kAll, kAny, kNot, kTest, kKnown, kUnknown };
  enum class Test {
    kTruthy,  // known and not 0, false or empty
    kAtLeast,
    kAtMost,
    kAbove,
    kBelow,    // against `number` or `other`; a list counts its members
    kIs,       // equal to `value`; for a list: a member is
    kMatches,  // `regex` in the text, or in any member
    kVersionBelow,
    kVersionAtLeast,  // against `text`
  };

  Op op = Op::kTest;
  std::vector<Condition> parts;  // kAll, kAny, kNot

  std::string fact;  // kTest, kKnown, kUnknown
  Test test = Test::kTruthy;
  std::string complete;           // a fact that, when true, makes an absent `fact` false
  bool empty_is_unknown = false;  // an empty list says nothing
  double number = 0;
  std::string other;  // a fact to compare with instead of `number`
  model::Value value;
  std::string text;
  std::shared_ptr<const LazyRegex> regex;
};

Truth evaluate(const Condition& condition, const model::FactSet& facts);

// The fact that best shows why `condition` has its truth: the first known fact of the first part
// that decides. Its name too. Null when no fact is behind it.
struct Witness {
  std::string_view name;
  const model::Fact* fact = nullptr;
};
Witness witness(const Condition& condition, const model::FactSet& facts);

// Names of the tests below `condition` that are unknown; empty unless the whole is unknown. They
// are what could still decide it.
void open_facts(const Condition& condition, const model::FactSet& facts,
                std::vector<std::string_view>& names);

// All facts that are named in it.
void named_facts(const Condition& condition, std::vector<std::string_view>& names);

// True when some test in it, not below `not`, is true and speaks of trouble: versions that fit and
// facts that tell only what was looked at ("log.seen") do not.
bool something_holds(const Condition& condition, const model::FactSet& facts);

}  // namespace ngxdiag::engine

#include "libdiag/engine/condition.h"

#include <algorithm>

#include "libdiag/base/error.h"
#include "libdiag/base/version.h"

namespace ngxdiag::engine {
namespace {

using List = std::vector<std::string>;

Truth truth(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

std::optional<double> as_number(const model::Value& value) {
  if (const auto* b = std::get_if<bool>(&value)) return *b ? 1.0 : 0.0;
  if (const auto* i = std::get_if<int64_t>(&value)) return static_cast<double>(*i);
  if (const auto* d = std::get_if<double>(&value)) return *d;
  if (const auto* list = std::get_if<List>(&value)) return static_cast<double>(list->size());
  return std::nullopt;
}

Truth compare(const Condition& condition, const model::Value& value, const model::FactSet& facts) {
  const std::optional<double> left = as_number(value);
  std::optional<double> right = condition.number;
  if (!condition.other.empty()) {
    const model::Fact* other = facts.find(condition.other);
    right = other ? as_number(other->value) : std::nullopt;
  }
  if (!left || !right) return Truth::kUnknown;
  switch (condition.test) {
    case Condition::Test::kAtLeast: return truth(*left >= *right);
    case Condition::Test::kAtMost: return truth(*left <= *right);
    case Condition::Test::kAbove: return truth(*left > *right);
    default: return truth(*left < *right);
  }
}

bool equal(const model::Value& value, const model::Value& wanted) {
  if (const auto* list = std::get_if<List>(&value)) {
    const auto* text = std::get_if<std::string>(&wanted);
    return text && std::find(list->begin(), list->end(), *text) != list->end();
  }
  if (std::holds_alternative<std::string>(value) || std::holds_alternative<std::string>(wanted) ||
      std::holds_alternative<bool>(value) != std::holds_alternative<bool>(wanted))
    return value == wanted;
  return as_number(value) == as_number(wanted);
}

Truth matches(const LazyRegex& expression, const model::Value& value) {
  const base::Regex* regex = expression.get();
  if (!regex) return Truth::kUnknown;
  if (const auto* list = std::get_if<List>(&value))
    return truth(std::any_of(list->begin(), list->end(),
                             [&](const std::string& member) { return regex->search(member); }));
  if (const auto* text = std::get_if<std::string>(&value)) return truth(regex->search(*text));
  return truth(regex->search(model::to_text(value)));
}

Truth test(const Condition& condition, const model::FactSet& facts) {
  const model::Fact* fact = facts.find(condition.fact);
  if (!fact) {
    if (condition.complete.empty()) return Truth::kUnknown;
    const model::Fact* complete = facts.find(condition.complete);
    return complete && model::truthy(complete->value) ? Truth::kFalse : Truth::kUnknown;
  }
  const auto* list = std::get_if<List>(&fact->value);
  if (condition.empty_is_unknown && list && list->empty()) return Truth::kUnknown;
  switch (condition.test) {
    case Condition::Test::kTruthy: return truth(model::truthy(fact->value));
    case Condition::Test::kIs: return truth(equal(fact->value, condition.value));
    case Condition::Test::kMatches: return matches(*condition.regex, fact->value);
    case Condition::Test::kVersionBelow:
    case Condition::Test::kVersionAtLeast: {
      const auto* version = std::get_if<std::string>(&fact->value);
      if (!version || !base::is_version(*version)) return Truth::kUnknown;
      const bool below = base::compare_versions(*version, condition.text) < 0;
      return truth(below == (condition.test == Condition::Test::kVersionBelow));
    }
    default: return compare(condition, fact->value, facts);
  }
}

}  // namespace

Truth both(Truth a, Truth b) { return std::min(a, b); }
Truth either(Truth a, Truth b) { return std::max(a, b); }
Truth negate(Truth a) {
  return a == Truth::kUnknown ? a : a == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

const base::Regex* LazyRegex::get() const {
  std::call_once(once_, [this] {
    try {
      program_.emplace(expression_);
    } catch (const base::UserError&) {  // stays empty
    }
  });
  return program_ ? &*program_ : nullptr;
}

Truth evaluate(const Condition& condition, const model::FactSet& facts) {
  switch (condition.op) {
    case Condition::Op::kAll: {
      Truth all = Truth::kTrue;
      for (const Condition& part : condition.parts)
        if ((all = both(all, evaluate(part, facts))) == Truth::kFalse) break;
      return all;
    }
    case Condition::Op::kAny: {
      Truth any = Truth::kFalse;
      for (const Condition& part : condition.parts)
        if ((any = either(any, evaluate(part, facts))) == Truth::kTrue) break;
      return any;
    }
    case Condition::Op::kNot: return negate(evaluate(condition.parts.front(), facts));
    case Condition::Op::kKnown: return truth(facts.find(condition.fact) != nullptr);
    case Condition::Op::kUnknown: return truth(facts.find(condition.fact) == nullptr);
    case Condition::Op::kTest: break;
  }
  return test(condition, facts);
}

Witness witness(const Condition& condition, const model::FactSet& facts) {
  if (condition.op == Condition::Op::kTest || condition.op == Condition::Op::kKnown) {
    for (const std::string* name : {&condition.fact, &condition.complete})
      if (!name->empty())
        if (const model::Fact* fact = facts.find(*name)) return {*name, fact};
    return {};
  }
  if (condition.op == Condition::Op::kNot) return witness(condition.parts.front(), facts);
  const Truth whole = evaluate(condition, facts);
  // What is there shows more than what is not.
  for (const bool plain : {true, false})
    for (const Condition& part : condition.parts)
      if (plain == (part.op != Condition::Op::kNot) && evaluate(part, facts) == whole)
        if (const Witness found = witness(part, facts); found.fact) return found;
  return {};
}

void open_facts(const Condition& condition, const model::FactSet& facts,
                std::vector<std::string_view>& names) {
  if (evaluate(condition, facts) != Truth::kUnknown) return;
  for (const Condition& part : condition.parts) open_facts(part, facts, names);
  if (condition.op != Condition::Op::kTest) return;
  for (const std::string* name : {&condition.fact, &condition.complete, &condition.other})
    if (!name->empty() && !facts.find(*name)) names.push_back(*name);
}

void named_facts(const Condition& condition, std::vector<std::string_view>& names) {
  for (const Condition& part : condition.parts) named_facts(part, names);
  for (const std::string* name : {&condition.fact, &condition.other})
    if (!name->empty()) names.push_back(*name);
}

bool something_holds(const Condition& condition, const model::FactSet& facts) {
  // A version fits, or does not, and that something was looked at is no trouble either.
  const bool fits = condition.test == Condition::Test::kVersionBelow ||
                    condition.test == Condition::Test::kVersionAtLeast ||
                    condition.fact.ends_with(".seen");
  if (condition.op == Condition::Op::kTest)
    return !fits && evaluate(condition, facts) == Truth::kTrue;
  if (condition.op != Condition::Op::kAll && condition.op != Condition::Op::kAny) return false;
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [&](const Condition& part) { return something_holds(part, facts); });
}

}  // namespace ngxdiag::engine

// Facts: what analyzers found, by name, each with its unit, its meaning and its evidence.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libdiag/model/source_ref.h"

namespace ngxdiag::model {

using Value = std::variant<bool, int64_t, double, std::string, std::vector<std::string>>;

// The value as shown in sentences: "true", "147", "0.5", "memstore", "a, b, c".
std::string to_text(const Value& value);
// A value that is not false, 0, "" or an empty list.
bool truthy(const Value& value);

enum class Unit { kNone, kCount, kBytes, kSeconds, kPerSecond, kPerHour, kTime, kPercent };
std::string_view unit_name(Unit unit);

// Declared by each analyzer for every fact it may put. A name that ends in ".*" declares a family
// ("config.directive.*"): any name below it may be put.
struct FactSpec {
  std::string_view name;
  Unit unit;
  std::string_view meaning;
};

struct Fact {
  Value value;
  std::vector<SourceRef> evidence;  // never empty; the best first
  std::string analyzer;
};

// Facts by name, in name order. A fact that is absent is unknown, never false: an analyzer puts
// 0 or false only when it looked.
class FactSet {
 public:
  // Keeps the first kMaxRefs references of `evidence`. A second put of a name replaces the first.
  void put(std::string_view name, Value value, std::vector<SourceRef> evidence,
           std::string_view analyzer);

  // Null when unknown.
  const Fact* find(std::string_view name) const;
  // The number, or empty when unknown or no number (a bool counts as 0 or 1).
  std::optional<double> number(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;

  const std::map<std::string, Fact, std::less<>>& all() const { return facts_; }

  static constexpr size_t kMaxRefs = 5;

 private:
  std::map<std::string, Fact, std::less<>> facts_;
};

// What an analyzer writes to: refuses (assert) a fact that its FactSpecs do not declare.
class FactSink {
 public:
  FactSink(FactSet& set, std::string_view analyzer, const FactSpec* specs, size_t count)
      : set_(set), analyzer_(analyzer), specs_(specs), count_(count) {}

  void put(std::string_view name, Value value, SourceRef evidence);
  void put(std::string_view name, Value value, std::vector<SourceRef> evidence);

 private:
  FactSet& set_;
  std::string_view analyzer_;
  const FactSpec* specs_;
  size_t count_;
};

// True when `name` is declared by `spec` (itself, or a member of its family).
bool declares(const FactSpec& spec, std::string_view name);

}  // namespace ngxdiag::model

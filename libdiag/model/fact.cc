#include "libdiag/model/fact.h"

#include <cassert>
#include <cstdio>

#include "libdiag/base/text.h"

namespace ngxdiag::model {

std::string to_text(const Value& value) {
  struct Visitor {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const {
      char out[32];
      std::snprintf(out, sizeof out, "%.4g", v);
      return out;
    }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const std::vector<std::string>& v) const { return base::join(v, ", "); }
  };
  return std::visit(Visitor{}, value);
}

bool truthy(const Value& value) {
  struct Visitor {
    bool operator()(bool v) const { return v; }
    bool operator()(int64_t v) const { return v != 0; }
    bool operator()(double v) const { return v != 0; }
    bool operator()(const std::string& v) const { return !v.empty(); }
    bool operator()(const std::vector<std::string>& v) const { return !v.empty(); }
  };
  return std::visit(Visitor{}, value);
}

std::string_view unit_name(Unit unit) {
  switch (unit) {
    case Unit::kNone: return "";
    case Unit::kCount: return "count";
    case Unit::kBytes: return "bytes";
    case Unit::kSeconds: return "seconds";
    case Unit::kPerSecond: return "per second";
    case Unit::kPerHour: return "per hour";
    case Unit::kTime: return "time";
    case Unit::kPercent: return "percent";
  }
  return "";
}

void FactSet::put(std::string_view name, Value value, std::vector<SourceRef> evidence,
                  std::string_view analyzer) {
  assert(!evidence.empty() && "a fact needs evidence");
  if (evidence.size() > kMaxRefs) evidence.resize(kMaxRefs);
  facts_.insert_or_assign(std::string(name),
                          Fact{std::move(value), std::move(evidence), std::string(analyzer)});
}

const Fact* FactSet::find(std::string_view name) const {
  const auto it = facts_.find(name);
  return it == facts_.end() ? nullptr : &it->second;
}

std::optional<double> FactSet::number(std::string_view name) const {
  const Fact* fact = find(name);
  if (!fact) return std::nullopt;
  if (const auto* b = std::get_if<bool>(&fact->value)) return *b ? 1.0 : 0.0;
  if (const auto* i = std::get_if<int64_t>(&fact->value)) return static_cast<double>(*i);
  if (const auto* d = std::get_if<double>(&fact->value)) return *d;
  return std::nullopt;
}

std::optional<std::string> FactSet::text(std::string_view name) const {
  const Fact* fact = find(name);
  if (!fact) return std::nullopt;
  return to_text(fact->value);
}

bool declares(const FactSpec& spec, std::string_view name) {
  if (!spec.name.ends_with(".*")) return spec.name == name;
  return name.size() > spec.name.size() - 1 &&
         name.starts_with(spec.name.substr(0, spec.name.size() - 1));
}

void FactSink::put(std::string_view name, Value value, std::vector<SourceRef> evidence) {
#ifndef NDEBUG
  bool declared = false;
  for (size_t i = 0; i < count_ && !declared; ++i) declared = declares(specs_[i], name);
  assert(declared && "an analyzer put a fact it does not declare");
#endif
  set_.put(name, std::move(value), std::move(evidence), analyzer_);
}

void FactSink::put(std::string_view name, Value value, SourceRef evidence) {
  put(name, std::move(value), std::vector<SourceRef>{std::move(evidence)});
}

}  // namespace ngxdiag::model

#include "libdiag/model/report.h"

namespace ngxdiag::model {

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kInfo: return "info";
    case Severity::kWarning: return "warning";
    case Severity::kCritical: return "critical";
  }
  return "info";
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk: return "ok";
    case Verdict::kWarning: return "warning";
    case Verdict::kCritical: return "critical";
    case Verdict::kUnknown: return "unknown";
  }
  return "unknown";
}

std::optional<Verdict> verdict_by_name(std::string_view name) {
  for (const Verdict verdict :
       {Verdict::kOk, Verdict::kWarning, Verdict::kCritical, Verdict::kUnknown})
    if (verdict_name(verdict) == name) return verdict;
  return std::nullopt;
}

std::string_view change_name(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::kNew: return "new";
    case Change::Kind::kWorse: return "worse";
    case Change::Kind::kBetter: return "better";
    case Change::Kind::kGone: return "gone";
  }
  return "new";
}

std::optional<Severity> severity_by_name(std::string_view name) {
  for (const Severity severity : {Severity::kInfo, Severity::kWarning, Severity::kCritical})
    if (severity_name(severity) == name) return severity;
  return std::nullopt;
}

}  // namespace ngxdiag::model

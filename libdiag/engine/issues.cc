#include "libdiag/engine/issues.h"

#include "libdiag/base/text.h"
#include "libdiag/json/parse.h"

namespace ngxdiag::engine {
namespace {
constexpr size_t kFewCandidates = 20;
}

void Issues::add(const base::UserError& error) {
  if (!found_) throw error;
  found_->push_back(error.text());
}

void RuleSource::mistake(json::Position at, std::string what, std::string help,
                         std::string reason) const {
  issues_.add(
      json::error_at(text_, where_, at, std::move(what), std::move(reason), std::move(help)));
}

std::string suggestion(std::string_view wrong, const std::vector<std::string>& candidates) {
  if (const std::string near = base::closest(wrong, candidates); !near.empty())
    return "did you mean \"" + near + "\"?";
  if (candidates.empty() || candidates.size() > kFewCandidates) return {};
  return "it may be: " + base::join(candidates, ", ");
}

}  // namespace ngxdiag::engine

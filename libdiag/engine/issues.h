// What is wrong with a rule file: thrown at the first mistake (loading) or gathered (linting).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/error.h"
#include "libdiag/json/node.h"

namespace ngxdiag::engine {

class Issues {
 public:
  // Throws each mistake, or adds its text to `found` when that is given.
  explicit Issues(std::vector<std::string>* found = nullptr) : found_(found) {}

  // True when mistakes are gathered: the reader goes on and looks closer.
  bool gathering() const { return found_ != nullptr; }

  void add(const base::UserError& error);

 private:
  std::vector<std::string>* found_;
};

// One rule file under reading: points mistakes at their place in its text.
class RuleSource {
 public:
  RuleSource(std::string_view where, std::string_view text, Issues& issues)
      : where_(where), text_(text), issues_(issues) {}

  void mistake(json::Position at, std::string what, std::string help = {},
               std::string reason = {}) const;
  Issues& issues() const { return issues_; }
  std::string_view where() const { return where_; }

 private:
  std::string_view where_, text_;
  Issues& issues_;
};

// "did you mean \"closest\"?", or the candidates themselves when few and none is close.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& candidates);

}  // namespace ngxdiag::engine

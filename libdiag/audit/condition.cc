#include "libdiag/audit/condition.h"

#include <algorithm>

#include "libdiag/base/text.h"
#include "libdiag/base/version.h"

namespace ngxdiag::audit {
namespace {

std::optional<double> number_of(const std::string& text) {
  if (const auto plain = base::parse_int(text)) return static_cast<double>(*plain);
  if (const auto size = base::parse_size(text)) return static_cast<double>(*size);
  if (const auto time = base::parse_seconds(text)) return static_cast<double>(*time);
  return std::nullopt;
}

bool text_holds(const ArgTest& test, const std::string& text) {
  if (test.matches && !test.matches->search(text)) return false;
  if (!test.is.empty() && std::find(test.is.begin(), test.is.end(), text) == test.is.end())
    return false;
  if (test.below || test.above) {
    const auto number = number_of(text);
    if (!number || (test.below && !(*number < *test.below)) ||
        (test.above && !(*number > *test.above)))
      return false;
  }
  return true;
}

bool any_holds(const Condition& condition, const Tree& tree, std::span<const NodeId> ids) {
  return std::any_of(ids.begin(), ids.end(),
                     [&](NodeId id) { return condition.test.holds(tree.at(id)); });
}

bool in_force(const Condition& condition, const Tree& tree, NodeId id) {
  const NodeId block = tree.at(id).block ? id : tree.parent(id);
  return std::any_of(condition.names.begin(), condition.names.end(), [&](const std::string& name) {
    return any_holds(condition, tree, tree.effective_all(block, name));
  });
}

}  // namespace

bool ArgTest::holds(const parse::Directive& directive) const {
  if (arg == -2)
    return std::any_of(directive.args.begin(), directive.args.end(),
                       [&](const parse::ConfigArg& one) { return text_holds(*this, one.value); });
  if (arg >= 0)
    return static_cast<size_t>(arg) < directive.args.size() &&
           text_holds(*this, directive.args[static_cast<size_t>(arg)].value);
  if (!matches && is.empty() && !below && !above) return true;
  return text_holds(*this, joined_args(directive));
}

bool holds(const Condition& condition, const Tree& tree, NodeId id, const Host& host) {
  using Form = Condition::Form;
  const auto part = [&](const Condition& one) { return holds(one, tree, id, host); };
  const auto& parts = condition.parts;
  const auto& names = condition.names;
  switch (condition.form) {
    case Form::kAll: return std::all_of(parts.begin(), parts.end(), part);
    case Form::kAny: return std::any_of(parts.begin(), parts.end(), part);
    case Form::kNot: return !part(parts.front());
    case Form::kSelf: return condition.test.holds(tree.at(id));
    case Form::kIn: {
      const NodeId parent = tree.parent(id);
      const std::string_view name =
          parent == kTop ? "main" : std::string_view(tree.at(parent).name);
      return std::find(names.begin(), names.end(), name) != names.end();
    }
    case Form::kUnder:
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const NodeId parent = tree.parent(id);
        return parent != kTop && tree.enclosing(parent, name) != kNone;
      });
    case Form::kHas:
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return any_holds(condition, tree, tree.children(id, name));
      });
    case Form::kContains:
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return any_holds(condition, tree, tree.inside(id, name));
      });
    case Form::kBeside:
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return any_holds(condition, tree, tree.children(tree.parent(id), name));
      });
    case Form::kEffective: return in_force(condition, tree, id);
    case Form::kAbsent: return tree.whole(id) && !in_force(condition, tree, id);
    case Form::kAnywhere:
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return any_holds(condition, tree, tree.all(name));
      });
    case Form::kComplete: return tree.config().complete;
    case Form::kNginxBelow:
      return !host.nginx_version.empty() &&
             base::compare_versions(host.nginx_version, names.front()) < 0;
    case Form::kNginxAtLeast:
      return !host.nginx_version.empty() &&
             base::compare_versions(host.nginx_version, names.front()) >= 0;
  }
  return false;
}

}  // namespace ngxdiag::audit

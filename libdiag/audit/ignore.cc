#include "libdiag/audit/ignore.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::audit {
namespace {

constexpr std::string_view kForm = "write: # ngxdiag: ignore CHECK: the reason";

// Another checker's name may stand for several of ours.
std::vector<std::string> checks_named(const std::vector<Check>& checks, std::string_view name) {
  std::vector<std::string> out;
  for (const Check& check : checks)
    if (check.id == name ||
        std::find(check.aliases.begin(), check.aliases.end(), name) != check.aliases.end())
      out.push_back(check.id);
  return out;
}

}  // namespace

Ignores::Ignores(const parse::Config& config, const std::vector<Check>& checks) {
  for (const parse::ConfigComment& comment : config.comments) read(comment, checks);
}

void Ignores::read(const parse::ConfigComment& comment, const std::vector<Check>& checks) {
  const auto mistake = [&](const std::string& says) {
    model::ConfigPlace place{comment.file, comment.line, comment.column, "# " + comment.text, ""};
    mistakes_.push_back({std::move(place), says});
  };
  std::string_view rest = comment.text;
  rest.remove_prefix(std::string_view("ngxdiag").size());
  // "ngxdiag writes here" and the like is a comment for people.
  if (!rest.starts_with(":")) return;
  rest = base::trim(rest.substr(1));
  const auto words = base::words(rest);
  if (words.empty() || words[0] != "ignore")
    return mistake("not understood; " + std::string(kForm));
  rest = base::trim(rest.substr(std::string_view("ignore").size()));
  size_t reason_at = rest.find(':');
  size_t skip = 1;
  const size_t because = rest.find(" because ");
  if (because != std::string_view::npos && because < reason_at) {
    reason_at = because;
    skip = std::string_view(" because ").size();
  }
  const std::string_view names = rest.substr(0, reason_at);
  const std::string reason = reason_at == std::string_view::npos
                                 ? std::string()
                                 : std::string(base::trim(rest.substr(reason_at + skip)));
  if (reason.empty())
    return mistake("it gives no reason and puts nothing aside; " + std::string(kForm));
  std::vector<std::string> ids;
  for (const std::string_view part : base::split(names, ',')) {
    const std::string_view name = base::trim(part);
    const auto found = checks_named(checks, name);
    ids.insert(ids.end(), found.begin(), found.end());
    if (!found.empty()) continue;
    std::vector<std::string> known;
    for (const Check& one : checks) known.push_back(one.id);
    const std::string near = base::closest(name, known);
    mistake("there is no check \"" + std::string(name) + "\"" +
            (near.empty() ? "" : "; did you mean " + near + "?"));
  }
  for (const std::string& id : ids)
    for (const int line : {comment.line, comment.line + 1})
      at_[{comment.file, line}].emplace_back(id, reason);
}

const std::string* Ignores::reason(const std::string& file, int line,
                                   const std::string& check) const {
  const auto found = at_.find({file, line});
  if (found == at_.end()) return nullptr;
  for (const auto& [id, reason] : found->second)
    if (id == check) return &reason;
  return nullptr;
}

}  // namespace ngxdiag::audit

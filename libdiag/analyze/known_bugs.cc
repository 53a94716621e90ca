#include "libdiag/analyze/known_bugs.h"

#include <algorithm>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/regex.h"
#include "libdiag/base/text.h"
#include "libdiag/base/version.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"advisories.security", Unit::kNone,
     "security advisories of nginx that apply to this version and the directives in use"},
    {"advisories.security_fixed_in", Unit::kNone, "first version that has none of them"},
    {"advisories.crash", Unit::kNone,
     "fixed crash bugs of nginx that this version still has, in features in use"},
    {"advisories.stuck", Unit::kNone, "the same for hangs, busy loops and leaks"},
};

std::string branch(std::string_view version) {
  const size_t first = version.find('.');
  const size_t second = first == std::string_view::npos ? first : version.find('.', first + 1);
  return std::string(version.substr(0, second));
}

std::optional<bool> has_directive(std::string_view need, const model::FactSet& known) {
  const size_t equals = need.find('=');
  const model::Fact* fact = known.find("config.directive." + std::string(need.substr(0, equals)));
  if (!fact) {
    const model::Fact* whole = known.find("config.complete");
    if (whole && model::truthy(whole->value)) return false;
    return std::nullopt;
  }
  if (equals == std::string_view::npos) return true;
  const base::Regex wanted(need.substr(equals + 1));
  const auto* values = std::get_if<std::vector<std::string>>(&fact->value);
  return values && std::any_of(values->begin(), values->end(),
                               [&](const std::string& value) { return wanted.search(value); });
}

// Splits at `separator` outside parentheses: a regex may hold '|' and '&' inside them.
std::vector<std::string_view> split_outside(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  int depth = 0;
  size_t start = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (depth == 0 && text[i] == separator) {
      out.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  out.push_back(text.substr(start));
  return out;
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const model::Fact* version = in.known.find("nginx.base_version");
  if (!version) return;
  const std::string running = model::to_text(version->value);
  static const std::vector<KnownBug> kBugs = read_known_bugs(base::builtin_data("known_bugs.tsv"));
  std::vector<std::string> security, crash, stuck;
  std::string fixed_in;
  for (const KnownBug& bug : kBugs) {
    if (!is_affected(running, bug) || is_in_use(bug, in.known) != true) continue;
    const std::string_view first_fix = base::split(bug.fixed, ';')[0];
    const std::string text = bug.id.starts_with("CVE-")
                                 ? bug.id + " (" + bug.phase + "): " + bug.says
                                 : bug.says + " (fixed in " + std::string(first_fix) + ")";
    if (bug.kind == "security") {
      security.push_back(text);
      if (fixed_in.empty() || base::compare_versions(first_fix, fixed_in) > 0) fixed_in = first_fix;
    } else {
      (bug.kind == "crash" ? crash : stuck).push_back(text);
    }
  }
  if (!security.empty()) {
    facts.put("advisories.security", security, version->evidence);
    facts.put("advisories.security_fixed_in", fixed_in, version->evidence);
  }
  if (!crash.empty()) facts.put("advisories.crash", crash, version->evidence);
  if (!stuck.empty()) facts.put("advisories.stuck", stuck, version->evidence);
}

}  // namespace

std::vector<KnownBug> read_known_bugs(std::string_view table) {
  std::vector<KnownBug> out;
  while (!table.empty()) {
    const std::string_view line = base::take_line(table);
    if (line.empty() || line[0] == '#') continue;
    const auto cells = base::split(line, '\t');
    if (cells.size() != 8) continue;
    const auto text = [&](size_t i) { return std::string(cells[i]); };
    out.push_back({text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7)});
  }
  return out;
}

bool is_affected(std::string_view version, const KnownBug& bug) {
  for (const std::string_view fix : base::split(bug.fixed, ';'))
    if (branch(fix) == branch(version) && base::compare_versions(version, fix) >= 0) return false;
  for (const std::string_view range : base::split(bug.versions, ';')) {
    const size_t dash = range.find('-');
    const std::string_view low = range.substr(0, dash);
    std::string_view high = dash == std::string_view::npos ? low : range.substr(dash + 1);
    const bool open = high.starts_with('<');
    if (open) high.remove_prefix(1);
    const int below_high = base::compare_versions(version, high);
    if (base::compare_versions(version, low) >= 0 && (open ? below_high < 0 : below_high <= 0))
      return true;
  }
  return false;
}

std::optional<bool> is_in_use(const KnownBug& bug, const model::FactSet& known) {
  if (bug.needs.empty()) return true;
  bool open = false;
  for (const std::string_view way : split_outside(bug.needs, '|')) {
    bool all = true, unknown = false;
    for (const std::string_view need : split_outside(way, '&')) {
      const std::optional<bool> has = has_directive(need, known);
      if (has == false) all = false;
      if (!has) unknown = true;
    }
    if (all && !unknown) return true;
    open = open || (all && unknown);
  }
  return open ? std::nullopt : std::optional<bool>(false);
}

const Analyzer kKnownBugs = {"known_bugs",
                             "Which fixed bugs and advisories does this version still have?",
                             kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze

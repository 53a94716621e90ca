#include "libdiag/analyze/known_bugs.h"

#include <algorithm>
#include <map>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/regex.h"
#include "libdiag/base/text.h"
#include "libdiag/base/version.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr size_t kNone = std::string_view::npos;

constexpr model::FactSpec kSpecs[] = {
    {"advisories.security", Unit::kNone,
     "security advisories of nginx that apply to this version and the directives in use"},
    {"advisories.security_fixed_in", Unit::kNone, "first version that has none of them"},
    {"advisories.crash", Unit::kNone,
     "fixed crash bugs of nginx that this version still has, in features in use"},
    {"advisories.stuck", Unit::kNone, "the same for hangs, busy loops and leaks"},
    {"advisories.module_crash", Unit::kNone,
     "fixed crash bugs that third-party modules still have by their versions"},
    {"advisories.module_stuck", Unit::kNone, "the same for hangs, busy loops and leaks"},
    {"advisories.resty_core_wants", Unit::kNone,
     "the lua modules that the installed lua-resty-core accepts, when the one in use is none of "
     "them"},
    {"advisories.module.*", Unit::kNone,
     "the fixed crash bugs that this one module still has, by its slug"},
};

std::string branch(std::string_view version) {
  const size_t first = version.find('.');
  const size_t second = first == kNone ? first : version.find('.', first + 1);
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
  if (equals == kNone) return true;
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

const std::vector<KnownBug>& known_bugs() {
  static const std::vector<KnownBug> kBugs = read_known_bugs(base::builtin_data("known_bugs.tsv"));
  return kBugs;
}

std::string_view first_fix(const KnownBug& bug) { return base::split(bug.fixed, ';')[0]; }

void nginx_itself(const AnalyzerInput& in, model::FactSink& facts) {
  const model::Fact* version = in.known.find("nginx.base_version");
  if (!version) return;
  const std::string running = model::to_text(version->value);
  const std::string revision = in.known.text("nginx.package_revision").value_or("");
  std::vector<std::string> security, crash, stuck;
  std::string fixed_in;
  for (const KnownBug& bug : known_bugs()) {
    if (bug.component != "nginx" || !is_affected(running, revision, bug) ||
        is_in_use(bug, in.known) != true)
      continue;
    const std::string_view fix = first_fix(bug);
    const std::string text = bug.id.starts_with("CVE-")
                                 ? bug.id + " (" + bug.phase + "): " + bug.says
                                 : bug.says + " (fixed in " + std::string(fix) + ")";
    if (bug.kind == "security") {
      security.push_back(text);
      if (fixed_in.empty() || base::compare_versions(fix, fixed_in) > 0) fixed_in = fix;
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

struct Told {
  std::vector<std::string> texts;
  std::vector<model::SourceRef> refs;
  void add(const std::string& text, const std::vector<model::SourceRef>& from) {
    texts.push_back(text);
    refs.insert(refs.end(), from.begin(), from.end());
  }
};

struct Release {
  std::string version;
  std::vector<model::SourceRef> refs;
};

// Of a module, or of a library that stands in a package list under its own name.
std::optional<Release> release_of(const AnalyzerInput& in, std::string_view component) {
  if (const model::Fact* version = in.known.find("modules." + std::string(component) + ".version"))
    return Release{model::to_text(version->value), version->evidence};
  for (const ListedItem& item : in.digest.listed)
    if (item.name == component && !item.version.empty()) return Release{item.version, {item.ref}};
  return std::nullopt;
}

// A distribution that packages both mends the check: its revisions ("0.1.24-2") say nothing here.
void resty_core(const AnalyzerInput& in, model::FactSink& facts) {
  const std::optional<Release> library = release_of(in, "lua-resty-core");
  const std::optional<Release> module = release_of(in, "lua");
  if (!library || !module || library->version.find('-') != kNone) return;
  if (const auto wants =
          resty_core_wants(base::builtin_data("lua_pairs.tsv"), library->version, module->version))
    facts.put("advisories.resty_core_wants", *wants, library->refs);
}

// Modules by their own versions: from packages, source paths of the build or a pasted list.
void modules(const AnalyzerInput& in, model::FactSink& facts) {
  Told crash, stuck;
  std::map<std::string, Told> by_module;
  for (const KnownBug& bug : known_bugs()) {
    if (bug.component == "nginx") continue;
    const std::optional<Release> release = release_of(in, bug.component);
    if (!release) continue;
    const auto& [running, refs] = *release;
    if (!is_affected(running, running, bug) || is_in_use(bug, in.known) == false) continue;
    // Without the directives in sight the bug is thinkable, no more.
    const bool sure = is_in_use(bug, in.known).value_or(false);
    const std::string text = bug.says + (bug.phase == "reload" ? ", at a reload" : "") +
                             " (fixed in " + std::string(first_fix(bug)) +
                             (sure ? ")" : "; whether it is in use is not to be seen)");
    const std::string told = bug.component + " " + running + ": " + text;
    if (bug.kind == "crash") {
      crash.add(told, refs);
      by_module[bug.component].add(text, refs);
    } else {
      stuck.add(told, refs);
    }
  }
  if (!crash.texts.empty()) facts.put("advisories.module_crash", crash.texts, crash.refs);
  if (!stuck.texts.empty()) facts.put("advisories.module_stuck", stuck.texts, stuck.refs);
  for (const auto& [slug, told] : by_module)
    facts.put("advisories.module." + slug, told.texts, told.refs);
}

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  nginx_itself(in, facts);
  modules(in, facts);
  resty_core(in, facts);
}

}  // namespace

std::vector<KnownBug> read_known_bugs(std::string_view table) {
  std::vector<KnownBug> out;
  while (!table.empty()) {
    const std::string_view line = base::take_line(table);
    if (line.empty() || line[0] == '#') continue;
    const auto cells = base::split(line, '\t');
    if (cells.size() != 9) continue;
    const auto text = [&](size_t i) { return std::string(cells[i]); };
    out.push_back(
        {text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8)});
  }
  return out;
}

std::optional<std::string> resty_core_wants(std::string_view table, std::string_view library,
                                            std::string_view module) {
  const auto plain = [](std::string_view version) {
    if (version.starts_with('v')) version.remove_prefix(1);
    return version.substr(0, version.find('-'));
  };
  while (!table.empty()) {
    const auto cells = base::split(base::take_line(table), '\t');
    if (cells.size() != 2 || cells[0] != plain(library)) continue;
    for (std::string_view wanted : base::words(cells[1])) {
      const bool later = wanted.ends_with('+');
      if (later) wanted.remove_suffix(1);
      const int order = base::compare_versions(plain(module), wanted);
      if (order == 0 || (later && order > 0)) return std::nullopt;
    }
    return std::string(cells[1]);
  }
  return std::nullopt;
}

bool is_affected(std::string_view version, std::string_view package_revision, const KnownBug& bug) {
  if (version.starts_with('v')) version.remove_prefix(1);
  for (const std::string_view fix : base::split(bug.fixed, ';')) {
    const bool of_debian = fix.find('-') != kNone;
    // Other distributions number their revisions differently.
    if (of_debian && base::contains(package_revision, "ubuntu")) continue;
    const std::string_view running = of_debian ? package_revision : version;
    if (!running.empty() && branch(fix) == branch(running) &&
        base::compare_versions(running, fix) >= 0)
      return false;
  }
  for (const std::string_view range : base::split(bug.versions, ';')) {
    const size_t dash = range.find('-');
    const std::string_view low = range.substr(0, dash);
    std::string_view high = dash == kNone ? low : range.substr(dash + 1);
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

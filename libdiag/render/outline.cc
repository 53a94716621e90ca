#include "libdiag/render/outline.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"

namespace ngxdiag::render {
namespace {

void follow(const model::Report& report, const std::string& id, size_t depth,
            std::set<std::string>& told, std::vector<Effect>& out) {
  if (!told.insert(id).second) return;
  for (const model::Finding& finding : report.findings) {
    if (finding.explained_by != id || told.count(finding.id)) continue;
    out.push_back({depth, finding.title});
    follow(report, finding.id, depth + 1, told, out);
  }
  for (const model::Symptom& symptom : report.symptoms) {
    if (symptom.explained_by != id || told.count(symptom.id)) continue;
    out.push_back({depth, symptom.says});
    follow(report, symptom.id, depth + 1, told, out);
  }
}

bool explained(const model::Report& report, const model::Finding& finding) {
  if (finding.explained_by.empty()) return false;
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const model::Finding& other) { return other.id == finding.explained_by; });
}

}  // namespace

std::vector<Effect> effects_of(const model::Report& report, const std::string& id) {
  std::vector<Effect> out;
  std::set<std::string> told;
  follow(report, id, 1, told, out);
  return out;
}

bool undetermined(const model::Finding& finding) {
  return finding.cause == "module-crash-undetermined";
}

Outline outline(const model::Report& report) {
  Outline plan;
  for (const model::Finding& finding : report.findings) {
    // The first is the root by contract, whatever circle its explanation may run in.
    if (&finding != &report.findings.front() && explained(report, finding)) continue;
    const bool calm = finding.kind == "advisory" || finding.severity == model::Severity::kInfo;
    if (!plan.story && !calm)
      plan.story = &finding;
    else if (finding.kind == "advisory")
      plan.advisories.push_back(&finding);
    else if (finding.kind == "forecast")
      plan.forecasts.push_back(&finding);
    else
      plan.others.push_back(&finding);
  }
  if (plan.story) plan.effects = effects_of(report, plan.story->id);
  for (const model::Symptom& symptom : report.symptoms)
    if (symptom.explained_by.empty()) plan.open_symptoms.push_back(&symptom);
  return plan;
}

std::vector<const model::EvidenceItem*> reasons(const model::Finding& finding, bool speaking_for) {
  std::vector<const model::EvidenceItem*> out;
  for (const model::EvidenceItem& item : finding.evidence)
    if ((item.weight >= 0) == speaking_for) out.push_back(&item);
  std::stable_sort(out.begin(), out.end(), [](const auto* a, const auto* b) {
    return std::fabs(a->weight) > std::fabs(b->weight);
  });
  return out;
}

bool is_command(std::string_view text) {
  // Programs that fixes and checks use. A sentence that begins with one of these names goes on with
  // a plain word; a command with an option, a path, a verb of systemctl or a pipe.
  static constexpr std::string_view kPrograms[] = {
      "apt",         "apt-get",   "awk",   "cat",     "certbot", "chmod",      "chown",
      "coredumpctl", "cp",        "curl",  "dnf",     "docker",  "dpkg",       "gdb",
      "getenforce",  "grep",      "head",  "install", "ip",      "journalctl", "kill",
      "kubectl",     "ln",        "ls",    "mkdir",   "mv",      "nginx",      "ngxdiag",
      "openssl",     "pgrep",     "ps",    "pkill",   "rm",      "restorecon", "rpm",
      "sed",         "setsebool", "sleep", "ss",      "stat",    "sudo",       "sysctl",
      "systemctl",   "tail",      "test",  "yum",     "dmesg",   "df"};
  const auto words = base::words(text);
  if (words.size() < 2) return false;
  if (std::find(std::begin(kPrograms), std::end(kPrograms), words[0]) == std::end(kPrograms))
    return false;
  if (words[0] == "systemctl" || words[0] == "ngxdiag")
    return words.size() < 4 || text.find(" -") != std::string_view::npos ||
           text.find(" && ") != std::string_view::npos;
  return std::any_of(words.begin() + 1, words.end(), [](std::string_view word) {
    return word.starts_with("-") || word.find('/') != std::string_view::npos || word == "|" ||
           word == "&&" || word.starts_with("'") || word.starts_with("\"");
  });
}

std::string where(const model::SourceRef& source) {
  return source.path.empty() ? source.kind : source.where();
}

std::string_view confidence_words(double confidence) {
  if (confidence >= 0.95) return "nearly certain";
  if (confidence >= 0.9) return "very likely";
  if (confidence >= 0.7) return "likely";
  if (confidence >= 0.5) return "more likely than not";
  if (confidence >= 0.2) return "possible";
  return "unlikely";
}

std::string percent(double confidence) {
  return std::to_string(std::clamp(std::lround(confidence * 100), 1L, 99L)) + " %";
}

std::vector<Moment> moments(const std::vector<model::TimelineEvent>& timeline, bool fold) {
  std::vector<Moment> out;
  std::string day;
  for (size_t i = 0; i < timeline.size();) {
    size_t last = i;
    while (fold && last + 1 < timeline.size() && timeline[last + 1].kind == timeline[i].kind)
      ++last;
    const std::string stamp = base::format_civil(timeline[i].time);
    const bool same_day = stamp.substr(0, 10) == day;
    day = stamp.substr(0, 10);
    const base::CivilTime end = timeline[last].end.value_or(timeline[last].time);
    std::string says = timeline[i].says;
    std::string until;
    if (end != timeline[i].time) {
      const std::string to = base::format_civil(end);
      until = "until " + (to.substr(0, 10) == day ? to.substr(11) : to);
    }
    if (last > i) {
      const auto more = static_cast<int64_t>(last - i);
      const bool alike = std::all_of(timeline.begin() + static_cast<ptrdiff_t>(i),
                                     timeline.begin() + static_cast<ptrdiff_t>(last) + 1,
                                     [&](const auto& event) { return event.says == says; });
      until = (alike ? base::grouped(more + 1) + " times"
                     : "and " + base::grouped(more) + " more like it") +
              (until.empty() ? "" : ", " + until);
    }
    if (!until.empty()) says += " (" + until + ")";
    out.push_back({same_day ? std::string() : day, stamp.substr(11), std::move(says)});
    i = last + 1;
  }
  return out;
}

std::string changes_title(const model::Changes& changes) {
  return changes.since.empty() ? "The first report" : "What has changed since " + changes.since;
}

std::vector<ChangeLine> change_lines(const model::Changes& changes, model::Verdict now) {
  std::vector<ChangeLine> out;
  if (changes.since.empty()) return out;
  if (changes.verdict_before != now)
    out.push_back({"verdict",
                   std::string(model::verdict_name(changes.verdict_before)) + " -> " +
                       std::string(model::verdict_name(now)),
                   ""});
  for (const model::Change& change : changes.items)
    out.push_back({std::string(model::change_name(change.kind)),
                   change.title + (change.instance.empty() ? "" : " in " + change.instance) +
                       (change.how.empty() ? "" : " (" + change.how + ")"),
                   change.id});
  return out;
}

}  // namespace ngxdiag::render

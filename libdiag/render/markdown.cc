#include "libdiag/render/markdown.h"

#include "libdiag/base/text.h"
#include "libdiag/render/markdown_text.h"
#include "libdiag/render/outline.h"

namespace ngxdiag::render {
namespace {

std::string place(const model::SourceRef& source) {
  const std::string at = where(source);
  return at.empty() ? "" : " (" + markdown_code(at) + ")";
}

void fixes(const model::Finding& finding, std::string& out) {
  if (finding.fixes.empty()) return;
  out += "\n### What to do\n\n";
  size_t number = 0;
  for (const model::Fix& fix : finding.fixes) {
    out += std::to_string(++number) + ". **" + markdown_text(fix.title) + "**\n\n";
    if (!fix.commands.empty()) out += markdown_block(fix.commands, "   ") + "\n";
    for (const auto& [label, text] :
         {std::pair{"Interrupts", &fix.impact}, {"Undo", &fix.undo}, {"Verify", &fix.verify}})
      if (!text->empty())
        out += std::string("   - ") + label + ": " +
               (is_command(*text) ? markdown_code(*text) : markdown_text(*text)) + "\n";
  }
}

void story(const model::Report& report, const Outline& plan, std::string& out) {
  const model::Finding& finding = *plan.story;
  out += "\n## " + markdown_text(finding.title) + "\n\n";
  if (undetermined(finding))
    out += "The cause is not determined yet, rule " + markdown_code(finding.id) + "\n";
  else
    out += std::string(confidence_words(finding.confidence)) + " (" + percent(finding.confidence) +
           "), blames " + markdown_text(finding.component) + ", rule " + markdown_code(finding.id) +
           "\n";
  if (!finding.explanation.empty()) out += "\n" + markdown_text(finding.explanation) + "\n";
  if (!plan.effects.empty()) out += "\n### It explains\n\n";
  for (const Effect& effect : plan.effects)
    out += std::string(2 * (effect.depth - 1), ' ') + "- " + markdown_text(effect.says) + "\n";
  for (const bool speaking_for : {true, false}) {
    const auto items = reasons(finding, speaking_for);
    if (!items.empty())
      out += speaking_for ? "\n### Evidence\n\n" : "\n### What speaks against it\n\n";
    for (const model::EvidenceItem* item : items)
      out += "- " + markdown_text(item->says) + place(item->source) + "\n";
  }
  fixes(finding, out);
  (void)report;
}

void findings(const std::string& title, const std::vector<const model::Finding*>& items,
              std::string& out) {
  if (items.empty()) return;
  out += "\n## " + title + "\n\n";
  for (const model::Finding* finding : items)
    out += "- " + percent(finding->confidence) + ": " + markdown_text(finding->title) + " (" +
           markdown_code(finding->id) + ")\n";
}

void changes(const model::Report& report, std::string& out) {
  if (!report.changes) return;
  const auto lines = change_lines(*report.changes, report.verdict);
  out += "\n## " + markdown_text(changes_title(*report.changes)) + "\n\n";
  for (const ChangeLine& line : lines)
    out += "- " + line.label + ": " + markdown_text(line.says) +
           (line.id.empty() ? "" : " (" + markdown_code(line.id) + ")") + "\n";
  if (lines.empty()) out += "Nothing has changed.\n";
}

}  // namespace

std::string render_markdown(const model::Report& report) {
  const Outline plan = outline(report);
  std::string verdict(model::verdict_name(report.verdict));
  for (char& c : verdict)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  std::string out = "# nginx on " +
                    markdown_text(report.host.empty() ? "this evidence" : report.host) + ": " +
                    verdict + "\n\n" + markdown_text(report.summary) + "\n";
  changes(report, out);
  if (plan.story) story(report, plan, out);
  findings("Other candidates", plan.others, out);
  findings("Ahead", plan.forecasts, out);
  findings("Worth mending", plan.advisories, out);
  if (!plan.open_symptoms.empty()) out += "\n## Seen, and not explained\n\n";
  for (const model::Symptom* symptom : plan.open_symptoms)
    out += "- " + markdown_text(symptom->says) + "\n";
  const auto lines = moments(report.timeline, true);
  if (!lines.empty()) out += "\n## What happened when\n\n";
  for (const Moment& line : lines)
    out += "- " + (line.day.empty() ? "" : line.day + " ") + line.hour + " " +
           markdown_text(line.says) + "\n";
  if (!report.next_checks.empty()) out += "\n## What to check next\n\n";
  for (const model::NextCheck& check : report.next_checks) {
    out += "- " + markdown_text(check.says) + "\n";
    if (!check.command.empty()) out += "\n" + markdown_block({check.command}, "  ") + "\n";
  }
  if (!report.not_observed.empty()) out += "\n## Not looked at\n\n";
  for (const model::Gap& gap : report.not_observed)
    out += "- " + markdown_text(gap.what) + ": " + markdown_text(gap.why) + "\n";
  if (!report.generated.empty()) out += "\n" + markdown_text("ngxdiag, " + report.generated) + "\n";
  return out;
}

}  // namespace ngxdiag::render

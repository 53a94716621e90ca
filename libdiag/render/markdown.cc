#include "libdiag/render/markdown.h"

#include <algorithm>

#include "libdiag/base/text.h"
#include "libdiag/render/outline.h"

namespace ngxdiag::render {
namespace {

// Plain text in which no byte of the evidence acts as markup, link or HTML.
std::string plain(std::string_view text) {
  const std::string safe = base::replace_all(base::printable(text, true), "\n", " ");
  std::string out;
  for (const char c : safe) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else {
      if (std::string_view("\\`*_[]#|~!>").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

// Longest run of backticks, so that a longer fence can hold the text.
size_t longest_run(std::string_view text) {
  size_t best = 0, run = 0;
  for (const char c : text) best = std::max(best, run = c == '`' ? run + 1 : 0);
  return best;
}

std::string code(std::string_view text) {
  const std::string safe = base::printable(text);
  const std::string fence(longest_run(safe) + 1, '`');
  const bool pad = !safe.empty() && (safe.front() == '`' || safe.back() == '`');
  return fence + (pad ? " " : "") + safe + (pad ? " " : "") + fence;
}

std::string block(const std::vector<std::string>& commands, const std::string& indent) {
  std::string body;
  for (const std::string& command : commands) body += base::printable(command, true) + "\n";
  const std::string fence(std::max<size_t>(longest_run(body) + 1, 3), '`');
  std::string out = indent + fence + "sh\n";
  std::string_view rest = body;
  while (!rest.empty()) out += indent + std::string(base::take_line(rest)) + "\n";
  return out + indent + fence + "\n";
}

std::string place(const model::SourceRef& source) {
  const std::string at = where(source);
  return at.empty() ? "" : " (" + code(at) + ")";
}

void fixes(const model::Finding& finding, std::string& out) {
  if (finding.fixes.empty()) return;
  out += "\n### What to do\n\n";
  size_t number = 0;
  for (const model::Fix& fix : finding.fixes) {
    out += std::to_string(++number) + ". **" + plain(fix.title) + "**\n\n";
    if (!fix.commands.empty()) out += block(fix.commands, "   ") + "\n";
    for (const auto& [label, text] :
         {std::pair{"Interrupts", &fix.impact}, {"Undo", &fix.undo}, {"Verify", &fix.verify}})
      if (!text->empty())
        out += std::string("   - ") + label + ": " +
               (is_command(*text) ? code(*text) : plain(*text)) + "\n";
  }
}

void story(const model::Report& report, const Outline& plan, std::string& out) {
  const model::Finding& finding = *plan.story;
  out += "\n## " + plain(finding.title) + "\n\n" +
         std::string(confidence_words(finding.confidence)) + " (" + percent(finding.confidence) +
         "), blames " + plain(finding.component) + ", rule " + code(finding.id) + "\n";
  if (!finding.explanation.empty()) out += "\n" + plain(finding.explanation) + "\n";
  if (!plan.effects.empty()) out += "\n### It explains\n\n";
  for (const Effect& effect : plan.effects)
    out += std::string(2 * (effect.depth - 1), ' ') + "- " + plain(effect.says) + "\n";
  for (const bool speaking_for : {true, false}) {
    const auto items = reasons(finding, speaking_for);
    if (!items.empty())
      out += speaking_for ? "\n### Evidence\n\n" : "\n### What speaks against it\n\n";
    for (const model::EvidenceItem* item : items)
      out += "- " + plain(item->says) + place(item->source) + "\n";
  }
  fixes(finding, out);
  (void)report;
}

void findings(const std::string& title, const std::vector<const model::Finding*>& items,
              std::string& out) {
  if (items.empty()) return;
  out += "\n## " + title + "\n\n";
  for (const model::Finding* finding : items)
    out += "- " + percent(finding->confidence) + ": " + plain(finding->title) + " (" +
           code(finding->id) + ")\n";
}

}  // namespace

std::string render_markdown(const model::Report& report) {
  const Outline plan = outline(report);
  std::string verdict(model::verdict_name(report.verdict));
  for (char& c : verdict)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  std::string out = "# nginx on " + plain(report.host.empty() ? "this evidence" : report.host) +
                    ": " + verdict + "\n\n" + plain(report.summary) + "\n";
  if (plan.story) story(report, plan, out);
  findings("Other candidates", plan.others, out);
  findings("Ahead", plan.forecasts, out);
  findings("Worth mending", plan.advisories, out);
  if (!plan.open_symptoms.empty()) out += "\n## Seen, and not explained\n\n";
  for (const model::Symptom* symptom : plan.open_symptoms)
    out += "- " + plain(symptom->says) + "\n";
  const auto lines = moments(report.timeline, true);
  if (!lines.empty()) out += "\n## What happened when\n\n";
  for (const Moment& line : lines) out += "- " + line.when + " " + plain(line.says) + "\n";
  if (!report.next_checks.empty()) out += "\n## What to check next\n\n";
  for (const model::NextCheck& check : report.next_checks) {
    out += "- " + plain(check.says) + "\n";
    if (!check.command.empty()) out += "\n" + block({check.command}, "  ") + "\n";
  }
  if (!report.not_observed.empty()) out += "\n## Not looked at\n\n";
  for (const model::Gap& gap : report.not_observed)
    out += "- " + plain(gap.what) + ": " + plain(gap.why) + "\n";
  if (!report.generated.empty()) out += "\n" + plain("ngxdiag, " + report.generated) + "\n";
  return out;
}

}  // namespace ngxdiag::render

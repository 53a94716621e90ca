#include "libdiag/render/config_text.h"

#include <algorithm>

#include "libdiag/base/text.h"
#include "libdiag/render/page.h"

namespace ngxdiag::render {
namespace {

constexpr size_t kPlacesShown = 4, kIndent = 2, kInner = 4;
constexpr size_t kOneLine = 1000;  // the verdict is one line for programs that read it

std::string where(const model::ConfigPlace& place) {
  std::string out = place.file.empty() ? "-" : place.file;
  if (place.line > 0) out += ":" + std::to_string(place.line);
  if (place.line > 0 && place.column > 0) out += ":" + std::to_string(place.column);
  return out;
}

Style style_of(model::Severity severity) {
  switch (severity) {
    case model::Severity::kCritical: return Style::kRed;
    case model::Severity::kWarning: return Style::kYellow;
    case model::Severity::kInfo: return Style::kCyan;
  }
  return Style::kPlain;
}

std::string_view label(model::Severity severity) {
  switch (severity) {
    case model::Severity::kCritical: return "CRITICAL";
    case model::Severity::kWarning: return "WARNING";
    case model::Severity::kInfo: return "ADVICE";
  }
  return "";
}

void fix_lines(Page& page, const std::vector<std::string>& fix) {
  page.paragraph(kIndent, kIndent, {{"Write:", Style::kBold}});
  for (const std::string& line : fix) page.verbatim(kInner, line, Style::kGreen);
}

// Findings of one check, from `first` to before `last`.
void check_section(Page& page, const model::ConfigFinding* first, const model::ConfigFinding* last,
                   bool all) {
  const auto count = static_cast<size_t>(last - first);
  page.blank();
  page.paragraph(0, kIndent,
                 {{std::string(label(first->severity)), style_of(first->severity), true},
                  {first->title, Style::kBold},
                  {"[" + first->id + "]", Style::kDim, true}});
  const bool same_fix = std::all_of(
      first, last, [&](const model::ConfigFinding& one) { return one.fix == first->fix; });
  const size_t shown = all ? count : std::min(count, kPlacesShown);
  for (const model::ConfigFinding* one = first; one != first + shown; ++one) {
    page.paragraph(kIndent, kInner,
                   {{where(one->place), Style::kBold, true}, {one->place.text, Style::kPlain}});
    if (!one->place.block.empty())
      page.paragraph(kInner, kInner, {{"in " + one->place.block, Style::kDim}});
    page.paragraph(kInner, kInner, {{one->says}});
    for (const model::ConfigPlace& place : one->related)
      page.paragraph(kInner, kInner + 2,
                     {{"see " + where(place), Style::kDim, true}, {place.text, Style::kDim}});
    if (!same_fix) fix_lines(page, one->fix);
  }
  if (shown < count)
    page.paragraph(kIndent, kInner,
                   {{"and " + base::grouped(static_cast<int64_t>(count - shown)) +
                         " more (--verbose shows them all)",
                     Style::kDim}});
  page.paragraph(kIndent, kIndent, {{first->explanation}});
  if (same_fix) fix_lines(page, first->fix);
}

}  // namespace

std::string render_config_verdict(const model::ConfigReport& report,
                                  const TerminalOptions& options) {
  Page page(kOneLine, options.color);
  const Style style = report.verdict == model::Verdict::kCritical  ? Style::kRed
                      : report.verdict == model::Verdict::kWarning ? Style::kYellow
                      : report.verdict == model::Verdict::kOk      ? Style::kGreen
                                                                   : Style::kCyan;
  std::string word(model::verdict_name(report.verdict));
  for (char& c : word)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  page.paragraph(0, kIndent, {{word, style, true}, {report.summary}});
  return page.take();
}

std::string render_config_text(const model::ConfigReport& report, const TerminalOptions& options) {
  Page page(options.width, options.color);
  const auto& findings = report.findings;
  for (size_t i = 0; i < findings.size();) {
    size_t j = i;
    while (j < findings.size() && findings[j].id == findings[i].id &&
           findings[j].severity == findings[i].severity)
      ++j;
    check_section(page, findings.data() + i, findings.data() + j, options.verbose);
    i = j;
  }
  if (!report.suppressed.empty()) {
    page.blank();
    page.paragraph(0, kIndent,
                   {{"Known already, and not counted: " +
                     base::plural(static_cast<int64_t>(report.suppressed.size()), "finding")}});
    if (options.verbose)
      for (const model::ConfigSuppressed& one : report.suppressed)
        page.paragraph(kIndent, kInner,
                       {{where(one.finding.place), Style::kPlain, true},
                        {one.finding.id + ": " + one.reason}});
  }
  if (!report.not_observed.empty()) {
    page.blank();
    page.paragraph(0, kIndent, {{"Not looked at:"}});
    const size_t shown = options.verbose ? report.not_observed.size()
                                         : std::min(report.not_observed.size(), kPlacesShown);
    for (size_t i = 0; i < shown; ++i)
      page.paragraph(kIndent, kInner,
                     {{report.not_observed[i].what + ": " + report.not_observed[i].why}});
    if (shown < report.not_observed.size())
      page.paragraph(
          kIndent, kInner,
          {{"and " + base::grouped(static_cast<int64_t>(report.not_observed.size() - shown)) +
            " more"}});
  }
  const std::string body = page.take();
  return render_config_verdict(report, options) + body;
}

}  // namespace ngxdiag::render

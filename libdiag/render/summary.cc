#include "libdiag/render/summary.h"

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"
#include "libdiag/json/dump.h"
#include "libdiag/render/markdown_text.h"
#include "libdiag/render/page.h"

namespace ngxdiag::render {
namespace {

using model::TroubleSpan;
using model::Verdict;

constexpr Verdict kVerdicts[] = {Verdict::kOk, Verdict::kWarning, Verdict::kCritical,
                                 Verdict::kUnknown};
// The newest tell most; JSON has them all.
constexpr size_t kShownSpans = 20, kShownTroubles = 40;

std::string title(const model::Summary& summary) {
  return "nginx on " + (summary.host.empty() ? "the given evidence" : summary.host) + ", " +
         base::format_civil(summary.from) + " to " + base::format_civil(summary.until);
}

std::string counts(const model::Summary& summary) {
  if (summary.reports == 0) return "no report";
  std::string out = base::plural(summary.reports, "report");
  const char* between = ": ";
  for (const Verdict verdict : kVerdicts) {
    const int64_t count = summary.by_verdict[static_cast<size_t>(verdict)];
    if (count == 0) continue;
    out += between + base::grouped(count) + " " + std::string(model::verdict_name(verdict));
    between = ", ";
  }
  return out;
}

std::string span_text(const model::VerdictSpan& span) {
  std::string out(model::verdict_name(span.verdict));
  if (span.reports > 1)
    out += " until " + base::format_civil(span.until) + " (" +
           base::plural(span.reports, "report") + ")";
  return out;
}

// "new", "over", "there all the time", "began before, over".
std::string course(const TroubleSpan& trouble) {
  if (trouble.lasts) return trouble.was_before ? "not mended" : "new";
  return trouble.was_before ? "mended" : "came and went";
}

std::string seen(const TroubleSpan& trouble) {
  std::string out =
      "in " + base::plural(trouble.reports, "report") + ", " + base::format_civil(trouble.first);
  if (trouble.last != trouble.first) out += " to " + base::format_civil(trouble.last);
  return out;
}

size_t first_shown(const model::Summary& summary) {
  return summary.spans.size() > kShownSpans ? summary.spans.size() - kShownSpans : 0;
}

}  // namespace

std::string summary_text(const model::Summary& summary, size_t width) {
  Page page(width, false);
  page.paragraph(0, 2, {{title(summary) + ": " + counts(summary)}});
  if (!summary.troubles.empty()) {
    page.blank();
    page.paragraph(0, 0, {{"What was wrong"}});
  }
  for (size_t i = 0; i < summary.troubles.size() && i < kShownTroubles; ++i) {
    const TroubleSpan& trouble = summary.troubles[i];
    page.paragraph(2, 4,
                   {{course(trouble) + ","},
                    {std::string(model::severity_name(trouble.worst)) + ":"},
                    {trouble.title},
                    {"[" + trouble.id + "]", Style::kPlain, true}});
    page.paragraph(4, 4, {{seen(trouble)}});
    if (!trouble.instance.empty()) page.paragraph(4, 4, {{"in " + trouble.instance}});
  }
  if (summary.troubles.size() > kShownTroubles)
    page.paragraph(2, 2,
                   {{"… " + std::to_string(summary.troubles.size() - kShownTroubles) + " more"}});
  if (summary.spans.size() > 1) {
    page.blank();
    page.paragraph(0, 0, {{"Verdicts"}});
    for (size_t i = first_shown(summary); i < summary.spans.size(); ++i)
      page.paragraph(2, 24,
                     {{base::format_civil(summary.spans[i].from), Style::kPlain, true},
                      {" " + span_text(summary.spans[i])}});
  }
  return page.take();
}

std::string summary_markdown(const model::Summary& summary) {
  std::string out = "# " + markdown_text(title(summary)) + "\n\n" + counts(summary) + "\n";
  if (!summary.troubles.empty()) out += "\n## What was wrong\n\n";
  for (size_t i = 0; i < summary.troubles.size() && i < kShownTroubles; ++i) {
    const TroubleSpan& trouble = summary.troubles[i];
    out += "- " + course(trouble) + ", " + std::string(model::severity_name(trouble.worst)) + ": " +
           markdown_text(trouble.title) + " (" + markdown_code(trouble.id) + ")" +
           (trouble.instance.empty() ? "" : " in " + markdown_text(trouble.instance)) + ", " +
           seen(trouble) + "\n";
  }
  if (summary.troubles.size() > kShownTroubles)
    out += "- … " + std::to_string(summary.troubles.size() - kShownTroubles) + " more\n";
  if (summary.spans.size() < 2) return out;
  out += "\n## Verdicts\n\n";
  for (size_t i = first_shown(summary); i < summary.spans.size(); ++i)
    out +=
        "- " + base::format_civil(summary.spans[i].from) + " " + span_text(summary.spans[i]) + "\n";
  return out;
}

std::string summary_json(const model::Summary& summary) {
  using json::Node;
  Node out = Node::object();
  out.set("schema", "ngxdiag.summary/1");
  out.set("host", summary.host);
  out.set("from", base::format_civil(summary.from, 'T'));
  out.set("until", base::format_civil(summary.until, 'T'));
  out.set("reports", summary.reports);
  Node by_verdict = Node::object();
  for (const Verdict verdict : kVerdicts)
    by_verdict.set(model::verdict_name(verdict), summary.by_verdict[static_cast<size_t>(verdict)]);
  out.set("by_verdict", std::move(by_verdict));
  Node troubles = Node::array();
  for (const TroubleSpan& trouble : summary.troubles) {
    Node node = Node::object();
    node.set("id", trouble.id);
    if (!trouble.instance.empty()) node.set("instance", trouble.instance);
    node.set("title", trouble.title);
    node.set("worst", model::severity_name(trouble.worst));
    node.set("first", base::format_civil(trouble.first, 'T'));
    node.set("last", base::format_civil(trouble.last, 'T'));
    node.set("reports", trouble.reports);
    node.set("lasts", trouble.lasts);
    node.set("was_before", trouble.was_before);
    troubles.push(std::move(node));
  }
  out.set("troubles", std::move(troubles));
  Node spans = Node::array();
  for (const model::VerdictSpan& span : summary.spans) {
    Node node = Node::object();
    node.set("verdict", model::verdict_name(span.verdict));
    node.set("from", base::format_civil(span.from, 'T'));
    node.set("until", base::format_civil(span.until, 'T'));
    node.set("reports", span.reports);
    spans.push(std::move(node));
  }
  out.set("spans", std::move(spans));
  return json::dump(out, 1) + "\n";
}

}  // namespace ngxdiag::render

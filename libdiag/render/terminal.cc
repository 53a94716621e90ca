#include "libdiag/render/terminal.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"
#include "libdiag/render/outline.h"
#include "libdiag/render/page.h"

namespace ngxdiag::render {
namespace {

// How much of each list is shown without --verbose.
constexpr size_t kReasons = 7, kEffects = 9, kOthers = 4, kMoments = 10, kChecks = 4, kGaps = 8,
                 kLooked = 6, kLinks = 2;

struct Badge {
  std::string_view word;
  Style style;
};

Badge badge(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::kOk: return {"OK", Style::kGreen};
    case model::Verdict::kWarning: return {"WARNING", Style::kYellow};
    case model::Verdict::kCritical: return {"CRITICAL", Style::kRed};
    case model::Verdict::kUnknown: return {"UNKNOWN", Style::kCyan};
  }
  return {"UNKNOWN", Style::kCyan};
}

Style severity_style(model::Severity severity) {
  switch (severity) {
    case model::Severity::kCritical: return Style::kRed;
    case model::Severity::kWarning: return Style::kYellow;
    case model::Severity::kInfo: return Style::kBold;
  }
  return Style::kBold;
}

std::string bars(double weight) {
  const double size = std::fabs(weight);
  return size >= 15 ? "●●●" : size >= 6 ? "●●○" : "●○○";
}

std::string decibans(double weight) {
  char out[32];
  std::snprintf(out, sizeof out, "%+.0f dB", weight);
  return out;
}

class Writer {
 public:
  Writer(const model::Report& report, const TerminalOptions& options)
      : report_(report),
        options_(options),
        plan_(outline(report)),
        page_(options.width, options.color) {}

  std::string all() {
    verdict();
    changes();
    if (plan_.story) story(*plan_.story, true);
    others();
    short_list("Ahead", plan_.forecasts);
    short_list("Worth mending", plan_.advisories);
    symptoms();
    timeline();
    checks();
    suppressed();
    gaps();
    looked_at();
    if (plan_.story && !options_.verbose) {
      page_.blank();
      page_.paragraph(
          0, 0,
          {{"More: ngxdiag explain " + plan_.story->id + ", or scan again with --verbose.",
            Style::kDim}});
    }
    return page_.take();
  }

  std::string verdict_only() {
    verdict();
    changes();
    return page_.take();
  }

 private:
  size_t limit(size_t count) const { return options_.verbose ? SIZE_MAX : count; }

  void verdict() {
    const Badge mark = badge(report_.verdict);
    std::string sentence = report_.summary;
    if (sentence.empty())
      sentence = std::string("verdict ") + std::string(model::verdict_name(report_.verdict));
    page_.paragraph(0, mark.word.size() + 2,
                    {{std::string(mark.word) + " ", mark.style, true}, {sentence, Style::kBold}});
  }

  void heading(const std::string& text) {
    page_.blank();
    page_.paragraph(0, 0, {{text, Style::kBold}});
  }

  void changes() {
    if (!report_.changes) return;
    const auto lines = change_lines(*report_.changes, report_.verdict);
    heading(changes_title(*report_.changes));
    for (const ChangeLine& line : lines) {
      std::vector<Span> spans = {{line.label + ":", Style::kBold, true}, {line.says}};
      if (!line.id.empty()) spans.push_back({"[" + line.id + "]", Style::kDim, true});
      page_.paragraph(2, 4, spans);
    }
    if (lines.empty() && !report_.changes->since.empty()) page_.paragraph(2, 2, {{"nothing"}});
  }

  void left_out(size_t indent, size_t shown, size_t count) {
    if (shown < count)
      page_.paragraph(
          indent, indent,
          {{"… " + std::to_string(count - shown) + " more with --verbose", Style::kDim}});
  }

  void story(const model::Finding& finding, bool first) {
    const bool ahead = finding.kind == "forecast";
    const char* label = ahead   ? "What is coming:"
                        : first ? "Likeliest cause:"
                                : "Another candidate:";
    std::string whom = finding.component + ", " +
                       std::string(confidence_words(finding.confidence)) + " (" +
                       percent(finding.confidence) + ")";
    if (!finding.instance.empty()) whom += ", in " + finding.instance;
    page_.blank();
    if (undetermined(finding))
      page_.paragraph(0, 2, {{"The cause is not determined yet.", Style::kBold}});
    else
      page_.paragraph(0, 2, {{label, Style::kBold}, {whom}});
    // The verdict's sentence may be this very title.
    if (!first || !report_.summary.starts_with(finding.title))
      page_.paragraph(2, 2, {{finding.title, severity_style(finding.severity)}});
    std::string_view rest = finding.explanation;
    while (!rest.empty()) page_.paragraph(2, 2, {{std::string(base::take_line(rest))}});
    effects(first ? plan_.effects : effects_of(report_, finding.id));
    evidence(finding);
    fixes(finding);
    if (!finding.references.empty()) {
      page_.blank();
      for (size_t i = 0; i < finding.references.size() && i < limit(kLinks); ++i)
        page_.verbatim(2, finding.references[i], Style::kDim);
    }
  }

  void effects(const std::vector<Effect>& effects) {
    if (effects.empty()) return;
    page_.blank();
    page_.paragraph(2, 2, {{"It explains", Style::kBold}});
    const size_t shown = std::min(effects.size(), limit(kEffects));
    for (size_t i = 0; i < shown; ++i) {
      const size_t indent = 2 + 2 * std::min<size_t>(effects[i].depth, 8);
      page_.paragraph(indent, indent + 2, {{"→", Style::kCyan}, {effects[i].says}});
    }
    left_out(4, shown, effects.size());
  }

  void evidence(const model::Finding& finding) {
    for (const bool speaking_for : {true, false}) {
      const auto items = reasons(finding, speaking_for);
      if (items.empty()) continue;
      page_.blank();
      page_.paragraph(2, 2, {{speaking_for ? "Evidence" : "What speaks against it", Style::kBold}});
      const size_t shown = std::min(items.size(), limit(kReasons));
      for (size_t i = 0; i < shown; ++i) reason(*items[i]);
      left_out(4, shown, items.size());
    }
  }

  void reason(const model::EvidenceItem& item) {
    std::vector<Span> spans;
    spans.push_back({bars(item.weight), item.weight < 0 ? Style::kYellow : Style::kCyan, true});
    if (options_.verbose) spans.push_back({decibans(item.weight), Style::kDim, true});
    spans.push_back({item.says});
    if (const std::string place = where(item.source); !place.empty())
      spans.push_back({"(" + place + ")", Style::kDim, true});
    page_.paragraph(4, 8, spans);
    if (options_.verbose && !item.source.excerpt.empty())
      page_.clipped(8, item.source.excerpt, Style::kDim);
  }

  void fixes(const model::Finding& finding) {
    if (finding.fixes.empty()) return;
    page_.blank();
    page_.paragraph(2, 2, {{"What to do", Style::kBold}});
    size_t number = 0;
    for (const model::Fix& fix : finding.fixes) {
      if (number++) page_.blank();
      page_.paragraph(4, 7,
                      {{std::to_string(number) + ".", Style::kBold}, {fix.title, Style::kBold}});
      for (const std::string& command : fix.commands) page_.verbatim(9, command, Style::kCyan);
      note("Interrupts:", fix.impact);
      note("Undo:", fix.undo);
      note("Verify:", fix.verify);
    }
  }

  void note(const std::string& label, const std::string& text) {
    if (text.empty()) return;
    if (is_command(text)) {
      page_.paragraph(7, 9, {{label, Style::kDim}});
      page_.verbatim(9, text, Style::kCyan);
      return;
    }
    page_.paragraph(7, 9, {{label, Style::kDim}, {text}});
  }

  void one_line(const model::Finding& finding) {
    std::vector<Span> spans = {{percent(finding.confidence), Style::kBold, true},
                               {finding.title},
                               {"[" + finding.id + "]", Style::kDim, true}};
    if (!finding.instance.empty()) spans.push_back({"in " + finding.instance, Style::kDim});
    page_.paragraph(2, 7, spans);
  }

  void others() {
    if (plan_.others.empty()) return;
    if (options_.verbose) {
      for (const model::Finding* finding : plan_.others) story(*finding, false);
      return;
    }
    heading(plan_.story ? "Other candidates" : "Seen, and harmless by itself");
    const size_t shown = std::min(plan_.others.size(), kOthers);
    for (size_t i = 0; i < shown; ++i) {
      one_line(*plan_.others[i]);
      // A second trouble that is likely true deserves its strongest reason and its first remedy.
      if (plan_.others[i]->confidence < 0.5) continue;
      const auto items = reasons(*plan_.others[i], true);
      if (!items.empty()) {
        std::vector<Span> spans = {{items[0]->says}};
        if (const std::string place = where(items[0]->source); !place.empty())
          spans.push_back({"(" + place + ")", Style::kDim, true});
        page_.paragraph(7, 7, spans);
      }
      if (!plan_.others[i]->fixes.empty()) {
        page_.paragraph(7, 9, {{"→", Style::kCyan}, {plan_.others[i]->fixes[0].title}});
        for (const std::string& command : plan_.others[i]->fixes[0].commands)
          page_.verbatim(9, command, Style::kCyan);
      }
    }
    left_out(2, shown, plan_.others.size());
  }

  void short_list(const std::string& title, const std::vector<const model::Finding*>& findings) {
    if (findings.empty()) return;
    heading(title);
    for (const model::Finding* finding : findings) {
      page_.paragraph(2, 4,
                      {{"-"}, {finding->title}, {"[" + finding->id + "]", Style::kDim, true}});
      if (options_.verbose && !finding->explanation.empty())
        page_.paragraph(4, 4, {{finding->explanation}});
      if (finding->fixes.empty()) continue;
      page_.paragraph(4, 6, {{"→", Style::kCyan}, {finding->fixes[0].title}});
      for (const std::string& command : finding->fixes[0].commands)
        page_.verbatim(6, command, Style::kCyan);
    }
  }

  void symptoms() {
    if (plan_.open_symptoms.empty()) return;
    heading("Seen, and not explained by any of the above");
    for (const model::Symptom* symptom : plan_.open_symptoms) {
      std::vector<Span> spans = {{"-"}, {symptom->says}};
      if (!symptom->evidence.empty())
        if (const std::string place = where(symptom->evidence[0].source); !place.empty())
          spans.push_back({"(" + place + ")", Style::kDim, true});
      page_.paragraph(2, 4, spans);
    }
  }

  void timeline() {
    const auto lines = moments(report_.timeline, !options_.verbose);
    if (lines.empty()) return;
    heading("What happened when");
    const size_t shown = std::min(lines.size(), limit(kMoments));
    // Of a long history the beginning and the end tell most.
    const size_t head = shown < lines.size() ? shown / 2 : shown;
    for (size_t i = 0; i < lines.size(); ++i) {
      if (i == head && shown < lines.size()) {
        left_out(2, shown, lines.size());
        i = lines.size() - (shown - head);
      }
      if (!lines[i].day.empty()) page_.paragraph(2, 2, {{lines[i].day, Style::kDim}});
      page_.paragraph(4, 13, {{lines[i].hour, Style::kDim, true}, {lines[i].says}});
    }
  }

  void checks() {
    if (report_.next_checks.empty()) return;
    heading("What to check next");
    const size_t shown = std::min(report_.next_checks.size(), limit(kChecks));
    for (size_t i = 0; i < shown; ++i) {
      page_.paragraph(2, 4, {{"-"}, {report_.next_checks[i].says}});
      if (!report_.next_checks[i].command.empty())
        page_.verbatim(6, report_.next_checks[i].command, Style::kCyan);
    }
    left_out(2, shown, report_.next_checks.size());
  }

  void suppressed() {
    if (report_.suppressed.empty()) return;
    heading("Known already, and not counted");
    const size_t shown = std::min(report_.suppressed.size(), limit(kGaps));
    for (size_t i = 0; i < shown; ++i)
      page_.paragraph(2, 4,
                      {{"-"}, {report_.suppressed[i].title + ":"}, {report_.suppressed[i].reason}});
    left_out(2, shown, report_.suppressed.size());
  }

  void gaps() {
    if (report_.not_observed.empty()) return;
    heading("Not looked at");
    const size_t shown = std::min(report_.not_observed.size(), limit(kGaps));
    for (size_t i = 0; i < shown; ++i)
      page_.paragraph(2, 4,
                      {{"-"}, {report_.not_observed[i].what + ":"}, {report_.not_observed[i].why}});
    left_out(2, shown, report_.not_observed.size());
  }

  void looked_at() {
    if (report_.looked_at.empty()) return;
    heading("Looked at");
    const size_t shown = std::min(report_.looked_at.size(), limit(kLooked));
    for (size_t i = 0; i < shown; ++i)
      page_.paragraph(2, 4, {{"-", Style::kDim}, {report_.looked_at[i], Style::kDim}});
    left_out(2, shown, report_.looked_at.size());
  }

  const model::Report& report_;
  const TerminalOptions& options_;
  Outline plan_;
  Page page_;
};

}  // namespace

std::string render_terminal(const model::Report& report, const TerminalOptions& options) {
  return Writer(report, options).all();
}

std::string render_verdict(const model::Report& report, const TerminalOptions& options) {
  return Writer(report, options).verdict_only();
}

}  // namespace ngxdiag::render

#include "libdiag/render/html.h"

#include <cmath>
#include <cstdio>

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"
#include "libdiag/render/generations.h"
#include "libdiag/render/html_markup.h"
#include "libdiag/render/html_style.h"
#include "libdiag/render/html_timeline.h"
#include "libdiag/render/outline.h"

namespace ngxdiag::render {
namespace {

// A fact that is a list of thousands would be most of the page.
constexpr size_t kFactBytes = 600;
// Reasons shown beside the story; the section "Evidence" has them all.
constexpr size_t kStrongest = 3;
// A longer list of moments is folded away below its drawing.
constexpr size_t kOpenMoments = 12;

std::string shouted(std::string_view word) {
  std::string out(word);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

class Writer {
 public:
  explicit Writer(const model::Report& report) : report_(report), plan_(outline(report)) {}

  std::string all() {
    head();
    out_ += "<main>\n";
    if (plan_.story) story();
    changes();
    timeline();
    if (plan_.story) evidence(*plan_.story);
    for (const model::Finding* finding : plan_.others)
      if (finding->confidence >= 0.5) other(*finding);
    for (const auto* group : {&plan_.forecasts, &plan_.advisories})
      for (const model::Finding* finding : *group) other(*finding);
    findings();
    symptoms();
    checks();
    seen();
    facts();
    out_ += "</main>\n<footer class=\"dim small\"><p>ngxdiag";
    if (!report_.generated.empty()) out_ += ", " + html_text(report_.generated);
    out_ += ". The page holds all of the report and loads nothing.</p></footer>\n";
    out_ += "<script>" + std::string(kHtmlScript) + "</script>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void head() {
    const std::string verdict(model::verdict_name(report_.verdict));
    const std::string host = report_.host.empty() ? "the given evidence" : report_.host;
    out_ = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    out_ +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '" +
        std::string(kHtmlStyleHash) + "'; script-src '" + std::string(kHtmlScriptHash) +
        "'; base-uri 'none'; form-action 'none'\">\n";
    out_ += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out_ += "<meta name=\"referrer\" content=\"no-referrer\">\n";
    out_ += "<title>nginx on " + html_text(host) + ": " + verdict + "</title>\n";
    out_ += "<style>" + std::string(kHtmlStyle) + "</style>\n</head>\n<body>\n<header>\n";
    out_ += "<h1><span class=\"badge badge-" + verdict + "\">" + shouted(verdict) + "</span>" +
            html_text(report_.summary) + "</h1>\n";
    out_ += "<p class=\"dim small\">nginx on " + html_text(host);
    if (!report_.generated.empty()) out_ += " · " + html_text(report_.generated);
    out_ += "</p>\n</header>\n";
  }

  void open(std::string_view id, std::string_view title, std::string_view style = "") {
    out_ += "<section aria-labelledby=\"" + std::string(id) + "\"";
    if (!style.empty()) out_ += " class=\"" + std::string(style) + "\"";
    out_ += ">\n<h2 id=\"" + std::string(id) + "\">" + std::string(title) + "</h2>\n";
  }
  void close() { out_ += "</section>\n"; }

  void story() {
    const model::Finding& finding = *plan_.story;
    std::string title = finding.kind == "forecast" ? "What is coming: " : "Likeliest cause: ";
    if (undetermined(finding))
      title = "The cause is not determined yet";
    else
      title += html_text(finding.component) + ", " +
               std::string(confidence_words(finding.confidence)) + " (" +
               percent(finding.confidence) + ")";
    out_ += "<div class=\"story\">\n";
    open("cause", title);
    if (!report_.summary.starts_with(finding.title))
      out_ += "<p class=\"" + std::string(model::severity_name(finding.severity)) + "\"><strong>" +
              html_text(finding.title) + "</strong></p>\n";
    instance(finding);
    out_ += html_paragraphs(finding.explanation);
    if (!plan_.effects.empty()) {
      out_ += "<h3>What follows from it</h3>\n";
      chain(plan_.effects);
    }
    strongest(finding);
    close();
    if (!finding.fixes.empty()) {
      open("fixes", "What to do");
      fixes(finding);
      close();
    }
    out_ += "</div>\n";
  }

  void strongest(const model::Finding& finding) {
    const auto items = reasons(finding, true);
    if (items.empty()) return;
    out_ += "<h3>What speaks for it most</h3>\n<ul class=\"plain\">\n";
    for (size_t i = 0; i < items.size() && i < kStrongest; ++i)
      out_ += "<li>" + html_text(items[i]->says) + "</li>\n";
    out_ += "</ul>\n";
  }

  void instance(const model::Finding& finding) {
    if (!finding.instance.empty())
      out_ += "<p class=\"dim\">In " + html_text(finding.instance) + "</p>\n";
  }

  void chain(const std::vector<Effect>& effects) {
    size_t depth = 0;
    for (const Effect& effect : effects) {
      // A list item may go only one level deeper than the one before it.
      const size_t wanted = std::min(std::max<size_t>(effect.depth, 1), depth + 1);
      if (wanted > depth) {
        out_ += "<ul class=\"chain\">\n";
        ++depth;
      } else {
        out_ += "</li>\n";
        for (; depth > wanted; --depth) out_ += "</ul></li>\n";
      }
      out_ += "<li>" + html_text(effect.says);
    }
    if (depth > 0) out_ += "</li>\n";
    for (; depth > 1; --depth) out_ += "</ul></li>\n";
    if (depth == 1) out_ += "</ul>\n";
  }

  static std::string command(std::string_view text) {
    return "<div class=\"command\"><pre>" + html_text(text, true) + "</pre></div>\n";
  }

  void fixes(const model::Finding& finding) {
    out_ += "<ol class=\"fix\">\n";
    for (const model::Fix& fix : finding.fixes) {
      out_ += "<li><strong>" + html_text(fix.title) + "</strong>\n";
      for (const std::string& line : fix.commands) out_ += command(line);
      std::string notes;
      for (const auto& [label, text] :
           {std::pair{"Interrupts", &fix.impact}, {"Undo", &fix.undo}, {"Verify", &fix.verify}})
        if (!text->empty())
          notes += std::string("<dt>") + label + "</dt><dd>" +
                   (is_command(*text) ? command(*text) : html_text(*text)) + "</dd>\n";
      if (!notes.empty()) out_ += "<dl>\n" + notes + "</dl>\n";
      out_ += "</li>\n";
    }
    out_ += "</ol>\n";
  }

  void table(const std::vector<std::string_view>& columns, std::string_view label) {
    out_ += "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"" +
            std::string(label) + "\"><table>\n<thead><tr>";
    for (const std::string_view column : columns)
      out_ += "<th scope=\"col\">" + std::string(column) + "</th>";
    out_ += "</tr></thead>\n<tbody>\n";
  }
  void end_table() { out_ += "</tbody></table></div>\n"; }

  void evidence_table(const model::Finding& finding) {
    if (finding.evidence.empty()) return;
    table({"Weight", "What was seen", "Where"}, "Evidence");
    for (const bool speaking_for : {true, false})
      for (const model::EvidenceItem* item : reasons(finding, speaking_for)) row(*item);
    end_table();
  }

  void row(const model::EvidenceItem& item) {
    const double size = std::fabs(item.weight);
    const char* word = size >= 15 ? "strong" : size >= 6 ? "medium" : "weak";
    const char* dots = size >= 15 ? "●●●" : size >= 6 ? "●●○" : "●○○";
    char decibans[32];
    std::snprintf(decibans, sizeof decibans, "%+.0f dB", item.weight);
    out_ += std::string("<tr><td class=\"keep\"><span aria-hidden=\"true\">") + dots +
            "</span> <span class=\"hidden\">" + word + (item.weight < 0 ? ", against" : ", for") +
            "</span><span class=\"dim small\">" + decibans + "</span></td><td class=\"wide\">";
    if (item.weight < 0) out_ += "<strong>Against:</strong> ";
    out_ += html_text(item.says);
    if (!item.source.excerpt.empty())
      out_ += "<code class=\"excerpt\">" + html_text(item.source.excerpt) + "</code>";
    out_ += "</td><td class=\"small\">" + place(item.source) + "</td></tr>\n";
  }

  static std::string place(const model::SourceRef& source) {
    const std::string at = where(source);
    return at.empty() ? "" : "<code>" + base::replace_all(html_text(at), "/", "/<wbr>") + "</code>";
  }

  void references(const model::Finding& finding) {
    if (finding.references.empty()) return;
    out_ += "<h3>Read on</h3>\n<ul class=\"plain small\">\n";
    for (const std::string& url : finding.references) out_ += "<li>" + html_link(url) + "</li>\n";
    out_ += "</ul>\n";
  }

  void evidence(const model::Finding& finding) {
    if (finding.evidence.empty() && finding.references.empty()) return;
    open("evidence", "Evidence");
    evidence_table(finding);
    references(finding);
    close();
  }

  void other(const model::Finding& finding) {
    const char* label = finding.kind == "forecast"   ? "Ahead: "
                        : finding.kind == "advisory" ? "Worth mending: "
                                                     : "Also: ";
    open("finding-" + std::to_string(++others_), label + html_text(finding.title));
    instance(finding);
    out_ += html_paragraphs(finding.explanation);
    if (!finding.fixes.empty()) fixes(finding);
    if (!finding.evidence.empty()) {
      out_ += "<details class=\"paper\"><summary>Evidence</summary>\n";
      evidence_table(finding);
      references(finding);
      out_ += "</details>\n";
    }
    close();
  }

  void timeline() {
    const auto lines = moments(report_.timeline, true);
    const auto workers = generations(report_.facts);
    // The lives of several nginx over one axis would be a tangle: the table below tells them apart.
    const std::string drawing = html_timeline(
        report_.timeline, workers.size() == 1 ? workers.front().rows : std::vector<Generation>());
    if (lines.empty() && drawing.empty()) return lives(workers);
    open("timeline", "What happened when");
    if (!drawing.empty())
      out_ +=
          "<div class=\"drawing\" role=\"region\" tabindex=\"0\" aria-label=\"Timeline "
          "drawing\">\n" +
          drawing + "</div>\n";
    const bool short_enough = lines.size() <= kOpenMoments;
    if (!drawing.empty() && !lines.empty())
      out_ += std::string(short_enough ? "<details class=\"paper\" open>"
                                       : "<details class=\"paper\">") +
              "<summary>The same in words</summary>\n";
    if (!lines.empty()) table({"Time", "What"}, "Timeline");
    std::string day;
    for (const Moment& line : lines) {
      if (!line.day.empty()) day = line.day;
      out_ += "<tr><td class=\"keep\">" + day + " " + line.hour + "</td><td class=\"wide\">" +
              html_text(line.says) + "</td></tr>\n";
    }
    if (!lines.empty()) end_table();
    if (!drawing.empty() && !lines.empty()) out_ += "</details>\n";
    close();
    lives(workers);
  }

  void lives(const std::vector<Generations>& workers) {
    // One generation alone is told by the counts of processes.
    if (workers.empty() || (workers.size() == 1 && workers.front().rows.size() < 2)) return;
    open("lives", "Worker lives by generation");
    for (const Generations& one : workers) {
      if (!one.instance.empty()) out_ += "<h3>" + html_text(one.instance) + "</h3>\n";
      const bool short_enough = one.rows.size() <= kOpenMoments;
      out_ += std::string(short_enough ? "<details class=\"paper\" open>"
                                       : "<details class=\"paper\">") +
              "<summary>" + base::plural(static_cast<int64_t>(one.rows.size()), "generation") +
              ", the newest " + fate(one.rows.back()) + "</summary>\n";
      table({"Began", "Was the newest for", "Its workers now", "Crashes meanwhile"},
            "Worker lives by generation");
      for (const Generation& row : one.rows)
        out_ += "<tr><td class=\"keep\">" + base::format_civil(row.began) + "</td><td>" +
                (row.replaced ? base::format_duration(*row.replaced - row.began)
                              : std::string("the present one")) +
                "</td><td>" + fate(row) + "</td><td>" +
                (row.crashed ? base::grouped(*row.crashed) : std::string("unknown")) +
                "</td></tr>\n";
      end_table();
      out_ += "</details>\n";
    }
    close();
  }

  void changes() {
    if (!report_.changes) return;
    const auto lines = change_lines(*report_.changes, report_.verdict);
    open("changes", html_text(changes_title(*report_.changes)));
    out_ += lines.empty() ? "<p class=\"dim\">" : "<ul class=\"plain\">\n";
    for (const ChangeLine& line : lines)
      out_ += "<li><strong>" + html_text(line.label) + ":</strong> " + html_text(line.says) +
              (line.id.empty() ? "" : " " + html_code(line.id)) + "</li>\n";
    if (lines.empty())
      out_ += report_.changes->since.empty() ? "There is none before it to compare it with.</p>\n"
                                             : "Nothing.</p>\n";
    else
      out_ += "</ul>\n";
    close();
  }

  void findings() {
    if (report_.findings.empty()) return;
    open("findings", "All findings");
    table({"Confidence", "Severity", "Blames", "Finding", "Rule"}, "All findings");
    for (const model::Finding& finding : report_.findings) {
      const std::string severity(model::severity_name(finding.severity));
      out_ += "<tr><td class=\"number\">" + percent(finding.confidence) + "</td><td class=\"" +
              severity + "\">" + severity + "</td><td class=\"keep\">" +
              html_text(finding.component) + "</td><td class=\"wide\">" + html_text(finding.title);
      if (!finding.explained_by.empty())
        out_ +=
            " <span class=\"dim\">(follows from " + html_text(finding.explained_by) + ")</span>";
      out_ += "</td><td>" + html_code(finding.id) + "</td></tr>\n";
    }
    end_table();
    close();
  }

  void symptoms() {
    if (report_.symptoms.empty()) return;
    open("symptoms", "Symptoms");
    table({"Severity", "Symptom", "Follows from"}, "Symptoms");
    for (const model::Symptom& symptom : report_.symptoms) {
      const std::string severity(model::severity_name(symptom.severity));
      out_ += "<tr><td class=\"" + severity + "\">" + severity + "</td><td class=\"wide\">" +
              html_text(symptom.says) + "</td><td>" +
              (symptom.explained_by.empty() ? "<strong>nothing found</strong>"
                                            : html_code(symptom.explained_by)) +
              "</td></tr>\n";
    }
    end_table();
    close();
  }

  void checks() {
    if (report_.next_checks.empty()) return;
    open("checks", "What to check next");
    out_ += "<ul>\n";
    for (const model::NextCheck& check : report_.next_checks)
      out_ += "<li>" + html_text(check.says) +
              (check.command.empty() ? "" : "\n" + command(check.command)) + "</li>\n";
    out_ += "</ul>\n";
    close();
  }

  void seen() {
    if (report_.not_observed.empty() && report_.looked_at.empty()) return;
    open("seen", "What was and was not looked at");
    if (!report_.not_observed.empty()) {
      out_ += "<h3>Not looked at</h3>\n<ul class=\"plain\">\n";
      for (const model::Gap& gap : report_.not_observed)
        out_ += "<li>" + html_code(gap.what) + ": " + html_text(gap.why) + "</li>\n";
      out_ += "</ul>\n";
    }
    if (!report_.looked_at.empty()) {
      out_ += "<h3>Looked at</h3>\n<ul class=\"plain\">\n";
      for (const std::string& what : report_.looked_at)
        out_ += "<li>" + html_text(what) + "</li>\n";
      out_ += "</ul>\n";
    }
    close();
  }

  void facts() {
    if (report_.facts.all().empty()) return;
    open("facts", "Facts");
    out_ += "<details><summary>" + std::to_string(report_.facts.all().size()) +
            " facts, each with where it was seen</summary>\n";
    table({"Fact", "Value", "Where"}, "Facts");
    for (const auto& [name, fact] : report_.facts.all())
      out_ += "<tr><td>" + html_code(name) + "</td><td class=\"wide\">" +
              html_text(base::shorten(model::to_text(fact.value), kFactBytes)) +
              "</td><td class=\"small\">" +
              (fact.evidence.empty() ? "" : place(fact.evidence.front())) + "</td></tr>\n";
    end_table();
    out_ += "</details>\n";
    close();
  }

  const model::Report& report_;
  Outline plan_;
  std::string out_;
  size_t others_ = 0;
};

}  // namespace

std::string render_html(const model::Report& report) { return Writer(report).all(); }

}  // namespace ngxdiag::render

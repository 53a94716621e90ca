// ngxdiag rules show ID: one rule in words.
#include <cstdio>

#include "libdiag/base/error.h"
#include "libdiag/json/dump.h"
#include "libdiag/json/parse.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/render/page.h"
#include "tools/ngxdiag/condition_words.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/rules_commands.h"

namespace ngxdiag::tools {
namespace {

using json::Node;
using render::Style;

constexpr size_t kWidth = 80;

std::string text(const Node& node, std::string_view name) {
  const Node* member = node.find(name);
  return !member ? "" : member->is_string() ? member->as_string() : json::dump(*member, -1);
}

std::string decibans(double weight) {
  char out[32];
  std::snprintf(out, sizeof out, "%+g dB", weight);
  return out;
}

class Shown {
 public:
  Shown(const Node& rule, const std::string& where)
      : rule_(rule), params_(rule.find("params")), page_(kWidth, false) {
    page_.paragraph(0, 0, {{text(rule, "title")}});
    const std::string kind = text(rule, "kind");
    page_.paragraph(
        2, 2,
        {{text(rule, "id") + ": cause " + text(rule, "cause") + ", blames " +
          text(rule, "component") + ", " + text(rule, "severity") +
          (kind.empty() ? "" : ", " + kind) +
          (text(rule, "group").empty() ? "" : ", rival of group " + text(rule, "group"))}});
    page_.verbatim(2, where, Style::kPlain);
    page_.blank();
    page_.paragraph(2, 2, {{text(rule, "explanation")}});
  }

  std::string all() {
    heading("Considered when");
    if (const Node* required = rule_.find("requires")) condition(4, *required);
    if (const Node* prior = rule_.find("prior")) {
      heading("Prior");
      const Node* db = prior->find("db");
      page_.paragraph(4, 6,
                      {{(db && db->is_number() ? decibans(db->as_number()) : std::string()) + ": " +
                        text(*prior, "because")}});
    }
    weighed("evidence", "Speaks for it");
    weighed("against", "Speaks against it");
    params();
    lines();
    list("explains", "Explains");
    list("supersedes", "Says more precisely than");
    checks();
    fixes();
    list("references", "References");
    examples();
    return page_.take();
  }

 private:
  void heading(const std::string& title) {
    page_.blank();
    page_.paragraph(2, 2, {{title}});
  }

  void condition(size_t indent, const Node& node) {
    for (const ConditionLine& line : condition_words(node, params_)) {
      const size_t at = indent + 2 * line.depth;
      page_.paragraph(at, at + 2, {{line.text}});
    }
  }

  const std::vector<Node>& items(std::string_view name) {
    static const std::vector<Node> kNone;
    const Node* member = rule_.find(name);
    return member ? member->items() : kNone;
  }

  void weighed(std::string_view name, const std::string& title) {
    if (items(name).empty()) return;
    heading(title);
    for (const Node& item : items(name)) {
      const Node* weight = item.find("weight");
      page_.paragraph(4, 12,
                      {{weight && weight->is_number() ? decibans(weight->as_number()) : "",
                        Style::kPlain, true},
                       {text(item, "says")}});
      if (const Node* when = item.find("when")) condition(12, *when);
    }
  }

  void params() {
    if (!params_ || params_->size() == 0) return;
    heading("Numbers");
    for (const auto& [key, value] : params_->members())
      page_.paragraph(4, 6, {{key + " = " + text(value, "value") + ": " + text(value, "because")}});
  }

  void lines() {
    const Node* lines = rule_.find("lines");
    if (!lines || lines->size() == 0) return;
    heading("Lines it looks for");
    for (const auto& [key, value] : lines->members()) {
      page_.paragraph(4, 6, {{key + ": a line that holds"}});
      page_.verbatim(8, text(value, "contains"), Style::kPlain);
      if (!text(value, "regex").empty()) {
        page_.paragraph(6, 6, {{"and matches"}});
        page_.verbatim(8, text(value, "regex"), Style::kPlain);
      }
      if (value.find("in")) page_.paragraph(6, 6, {{"in " + text(value, "in")}});
    }
  }

  void list(std::string_view name, const std::string& title) {
    if (items(name).empty()) return;
    heading(title);
    for (const Node& item : items(name))
      page_.verbatim(4, item.is_string() ? item.as_string() : "", Style::kPlain);
  }

  void checks() {
    if (items("checks").empty()) return;
    heading("What to check next");
    for (const Node& item : items("checks")) {
      page_.paragraph(4, 6, {{"- " + text(item, "says")}});
      page_.verbatim(8, text(item, "command"), Style::kPlain);
    }
  }

  void fixes() {
    if (items("fixes").empty()) return;
    heading("What to do");
    size_t number = 0;
    for (const Node& item : items("fixes")) {
      page_.paragraph(4, 7, {{std::to_string(++number) + ". " + text(item, "title")}});
      if (const Node* commands = item.find("commands"))
        for (const Node& command : commands->items())
          if (command.is_string()) page_.verbatim(9, command.as_string(), Style::kPlain);
      for (const char* label : {"impact", "undo", "verify"})
        if (!text(item, label).empty())
          page_.verbatim(7, std::string(label) + ": " + text(item, label), Style::kPlain);
    }
  }

  void examples() {
    if (items("examples").empty()) return;
    heading("Examples");
    for (const Node& item : items("examples")) {
      const Node* fires = item.find("fires");
      const bool yes = fires && fires->is_boolean() && fires->as_boolean();
      page_.paragraph(4, 6,
                      {{std::string(yes ? "fires: " : "stays quiet: ") + text(item, "name")}});
    }
  }

  const Node& rule_;
  const Node* params_;
  render::Page page_;
};

}  // namespace

int rules_show(const CommandLine& line, const RuleFiles& files) {
  if (line.rest().size() != 2)
    throw base::UserError("which rule?", "ngxdiag rules show", {}, {},
                          "write: ngxdiag rules show ID");
  const auto texts = files.all();
  const engine::RuleText& found = find_rule(texts, line.rest()[1]);
  const Node rule = json::parse(found.text, found.where);
  print(Shown(rule, found.where).all());
  return kOk;
}

}  // namespace ngxdiag::tools

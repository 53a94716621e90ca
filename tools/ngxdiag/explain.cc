// ngxdiag explain TEXT|ID: what a rule, a cause, a shared memory zone or a log line means.
#include <algorithm>
#include <cstring>

#include "libdiag/analyze/matcher.h"
#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/error_log.h"
#include "libdiag/pipeline/diagnose.h"
#include "libdiag/render/outline.h"
#include "libdiag/render/page.h"
#include "libdiag/source/recognise.h"
#include "libdiag/json/dump.h"
#include "tools/ngxdiag/explain_message.h"
#include "tools/ngxdiag/manual.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/report_options.h"
#include "tools/ngxdiag/template_words.h"

namespace ngxdiag::tools {
namespace {

using render::Page;
using render::Style;

constexpr size_t kWidth = 80;

void paragraph(Page& page, size_t indent, const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) page.paragraph(indent, indent, {{std::string(base::take_line(rest))}});
}

void explain_rule(Page& page, const engine::Rule& rule) {
  page.paragraph(0, 0, {{template_words(rule.title)}});
  page.paragraph(2, 2,
                 {{"rule " + rule.id + ", cause " + rule.cause + ", blames " + rule.component +
                   ", " + std::string(model::severity_name(rule.severity))}});
  page.blank();
  paragraph(page, 2, template_words(rule.explanation));
  const auto reasons = [&](const std::vector<engine::WeighedSentence>& items,
                           const std::string& title) {
    if (items.empty()) return;
    page.blank();
    page.paragraph(2, 2, {{title}});
    for (const engine::WeighedSentence& item : items)
      page.paragraph(4, 6, {{"-"}, {template_words(item.says)}});
  };
  reasons(rule.evidence, "What speaks for it");
  reasons(rule.against, "What speaks against it");
  if (!rule.fixes.empty()) {
    page.blank();
    page.paragraph(2, 2, {{"What to do"}});
  }
  size_t number = 0;
  for (const engine::RuleFix& fix : rule.fixes) {
    page.paragraph(4, 7, {{std::to_string(++number) + "."}, {template_words(fix.fix.title)}});
    for (const std::string& command : fix.fix.commands)
      page.verbatim(9, template_words(command), Style::kPlain);
    if (!fix.fix.impact.empty())
      page.paragraph(7, 9, {{"Interrupts:"}, {template_words(fix.fix.impact)}});
  }
  for (const std::string& reference : rule.references) page.verbatim(2, reference, Style::kPlain);
}

struct SignalName {
  int number;
  std::string_view says;
};

constexpr SignalName kSignals[] = {
    {1, "SIGHUP: reload"},
    {3, "SIGQUIT: finish and leave"},
    {4,
     "SIGILL: an instruction the CPU does not know; a module built for another CPU, or a jump into "
     "garbage"},
    {6,
     "SIGABRT: the program gave itself up; an assertion or a damaged heap, said in the text beside "
     "it"},
    {7, "SIGBUS: a mapped file changed or shrank under the process"},
    {8, "SIGFPE: a division by zero"},
    {9, "SIGKILL: killed from outside; out of memory, systemd's time-out, or somebody"},
    {11,
     "SIGSEGV: a memory fault; a bug in a module, modules built for another nginx, or a full "
     "stack"},
    {15, "SIGTERM: told to stop"},
    {31, "SIGSYS: a forbidden system call"},
};

std::string_view signal_words(int number) {
  for (const SignalName& entry : kSignals)
    if (entry.number == number) return entry.says;
  return "";
}

void row(Page& page, const std::string& label, std::string_view value) {
  if (value.empty()) return;
  std::string padded = label;
  padded.resize(std::max<size_t>(label.size(), 11), ' ');
  page.paragraph(2, 14, {{padded, Style::kPlain, true}, {std::string(value)}});
}

// The parts of an nginx line; false when it is none.
bool explain_parts(Page& page, std::string_view text) {
  const auto line = parse::parse_error_line(text);
  const auto assertion = parse::parse_assertion(text);
  if (assertion) {
    page.paragraph(0, 0,
                   {{"An assertion of the C library: the process found its own state broken and "
                     "gave itself up (signal 6). It carries no time."}});
    row(page, "assertion", assertion->expression);
    row(page, "function", assertion->function);
    row(page, "source", std::string(assertion->file) + ":" + std::to_string(assertion->line));
    return true;
  }
  const std::string_view message = line ? line->message : text;
  const parse::LifeLine life = parse::parse_life(message);
  const parse::MessageParts parts = parse::split_message(message);
  if (!line && life.life == parse::Life::kNone && !parts.error) return false;
  page.paragraph(0, 0, {{"A line of nginx's error log."}});
  if (line) {
    if (line->time)
      row(page, "time", base::format_civil(*line->time) + " (the clock of the host that wrote it)");
    row(page, "level", parse::level_name(line->level));
    if (line->pid) row(page, "written by", "process " + std::to_string(line->pid));
    if (line->connection) row(page, "connection", std::to_string(line->connection));
    if (line->stderr_form)
      row(page, "form", "written before the log was opened: a start, a reload or a test");
  }
  row(page, "message", parts.text);
  if (parts.error)
    row(page, "errno", std::to_string(*parts.error) + ": " + std::strerror(*parts.error));
  row(page, "while", parts.phase);
  row(page, "client", parts.client);
  row(page, "server", parts.server);
  row(page, "request", parts.request);
  row(page, "upstream", parts.upstream);
  if (life.life == parse::Life::kExitedOnSignal) {
    row(page, "signal",
        std::to_string(life.number) + (signal_words(life.number).empty()
                                           ? ""
                                           : ", " + std::string(signal_words(life.number))));
    row(page, "who died", std::string(life.subject) + " " + std::to_string(life.child));
  }
  return true;
}

void explain_zone(Page& page, std::string_view zone, const std::string& owner) {
  page.paragraph(0, 0, {{std::string(zone) + " is a shared memory zone of " + owner + "."}});
  page.paragraph(0, 0,
                 {{"In the log, \"shared memory zone \"" + std::string(zone) +
                   "\" was locked by PID\" says that this process died while it worked in it: "
                   "strong evidence against " +
                   owner + "."}});
}

std::vector<const engine::Rule*> rules_for(const pipeline::Knowledge& knowledge,
                                           std::string_view text) {
  model::Kind kind = source::recognise_line(text, model::Kind::kUnknown);
  if (kind == model::Kind::kUnknown) kind = model::Kind::kErrorLog;
  const auto line = parse::parse_error_line(text);
  analyze::Matcher matcher(knowledge.patterns, kind);
  std::vector<analyze::Matcher::Match> matches;
  matcher.find(text, line ? parse::level_name(line->level) : "", matches);
  std::vector<const engine::Rule*> out;
  for (const auto& match : matches) {
    const std::string& id = knowledge.patterns[match.pattern].id;
    const engine::Rule* rule = knowledge.rules.find(id.substr(0, id.find('/')));
    if (rule && std::find(out.begin(), out.end(), rule) == out.end()) out.push_back(rule);
  }
  return out;
}

bool explain_line(Page& page, const pipeline::Knowledge& knowledge, const std::string& text) {
  bool parts = explain_parts(page, text);
  if (parts) page.blank();
  parts |= explain_message(page, text);
  const auto rules = rules_for(knowledge, text);
  const parse::LifeLine life = [&] {
    const auto line = parse::parse_error_line(text);
    return parse::parse_life(line ? line->message : std::string_view(text));
  }();
  if (life.life == parse::Life::kZoneLocked) {
    const std::string owner = knowledge.tables.owner("zone", life.subject);
    page.blank();
    if (owner.empty())
      page.paragraph(0, 0,
                     {{"Nobody is known to own the zone " + std::string(life.subject) +
                       ": look for the directive that names it."}});
    else
      explain_zone(page, life.subject, owner);
  }
  if (!rules.empty()) {
    if (parts) page.blank();
    page.paragraph(0, 0, {{"It can speak for:"}});
  }
  for (const engine::Rule* rule : rules)
    page.paragraph(
        2, 4, {{"-"}, {template_words(rule->title)}, {"[" + rule->id + "]", Style::kPlain, true}});
  if (parts && rules.empty() && life.life == parse::Life::kNone) {
    page.blank();
    page.paragraph(0, 0,
                   {{"No rule looks for this line by itself. In its context it may still count: "
                     "run ngxdiag scan on the whole log."}});
  }
  return parts || !rules.empty();
}

}  // namespace

Manual explain_manual() {
  return {
      .name = "ngxdiag explain",
      .synopsis = {"[OPTION]... TEXT|ID"},
      .paragraphs =
          {"Says what something means: the id of a rule or a cause, the name of a shared "
           "memory zone, the id of a message, or a "
           "line of a log (quote it). For a line it shows the parts, which message of nginx "
           "or a module it is and where it is printed, what it means, what usually causes "
           "it, and which rules it speaks for. Where the text cannot tell several messages "
           "apart, all are shown."},
      .options = {{"rules", 0, "DIR", "add the rules below DIR"},
                  {"format", 'f', "FORMAT", "text (default) or json: the message only",
                   "text json"},
                  {"help", 'h', "", "print this help"}},
      .sections = {},
      .exit_status = {"0   explained", "3   nothing is known about it", "64  wrong request",
                      "70  internal error of ngxdiag"},
      .examples = {{"ngxdiag explain nchan-worker-slots-exhausted", "a cause"},
                   {"ngxdiag explain memstore", "whose zone is that?"},
                   {"ngxdiag explain '[alert] 8#8: worker process 9 exited on signal 11'",
                    "a line"}},
  };
}

int run_explain(const Arguments& arguments) {
  const Manual page_of_manual = explain_manual();
  const CommandLine line(std::string(page_of_manual.name), page_of_manual.options, arguments);
  if (asked_for_help(line, page_of_manual)) return kOk;
  if (line.rest().empty())
    throw base::UserError("what shall be explained?", line.program(), {}, {},
                          "see: ngxdiag explain --help");
  const std::string text = base::join(line.rest(), " ");
  const RuleFiles files(line.values("rules"));
  const pipeline::Knowledge knowledge = pipeline::load_knowledge(files.extra());
  const std::string format = line.value("format").value_or("text");
  if (format == "json") {
    const json::Node node = message_json(text);
    if (node.is_null()) {
      complain("ngxdiag explain: no message is known to be: " + base::printable(text) + "\n");
      return kUnknown;
    }
    print(json::dump(node) + "\n");
    return kOk;
  }
  if (format != "text")
    throw base::UserError("unknown value " + base::printable(format), "--format", {},
                          "one of: text, json", "see: ngxdiag explain --help");
  Page page(kWidth, false);
  bool known = false;
  if (const engine::Rule* rule = knowledge.rules.find(text)) {
    explain_rule(page, *rule);
    known = true;
  }
  for (const engine::Rule& rule : knowledge.rules.rules) {
    if (rule.cause != text || rule.id == text) continue;
    if (known) page.blank();
    explain_rule(page, rule);
    known = true;
  }
  if (!known) {
    const std::string owner = knowledge.tables.owner("zone", text);
    if (!owner.empty()) {
      explain_zone(page, text, owner);
      known = true;
    }
  }
  if (!known) known = explain_message_id(page, text);
  if (!known) known = explain_line(page, knowledge, text);
  if (known) {
    print(page.take());
    return kOk;
  }
  std::vector<std::string> names;
  for (const engine::Rule& rule : knowledge.rules.rules) names.push_back(rule.id);
  const std::string near = base::closest(text, names);
  complain("ngxdiag explain: nothing is known about: " + base::printable(text) + "\n" +
           (near.empty() ? "" : "  did you mean " + near + "?\n") + "  see: ngxdiag rules list\n");
  return kUnknown;
}

}  // namespace ngxdiag::tools

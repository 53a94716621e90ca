#include "tools/ngxdiag/explain_message.h"

#include <algorithm>
#include <vector>

#include "libdiag/base/text.h"
#include "libdiag/parse/message_catalogue.h"
#include "libdiag/parse/message_meaning.h"

namespace ngxdiag::tools {
namespace {

using parse::MessageEntry;
using render::Page;
using render::Style;

// More candidates than that say nothing.
constexpr size_t kMaxCandidates = 6;

std::vector<const MessageEntry*> candidates(std::string_view text) {
  const parse::MessageCatalogue& all = parse::MessageCatalogue::builtin();
  const auto line = parse::parse_error_line(text);
  const parse::ErrorLine bare = line ? *line : parse::parse_bare_line(text);
  std::vector<uint32_t> found;
  all.identify_loosely(bare.level, bare.message, found);
  std::vector<const MessageEntry*> out;
  for (const uint32_t index : found) out.push_back(&all.entries()[index]);
  return out;
}

struct Place {
  std::string_view file, function, when;
};

std::vector<Place> places(const MessageEntry& entry) {
  std::vector<Place> out;
  for (const std::string_view source : base::split(entry.source, ';')) {
    const size_t colon = source.find(':');
    out.push_back({source.substr(0, colon),
                   colon == std::string_view::npos ? std::string_view() : source.substr(colon + 1),
                   parse::emitted_when(entry.kind, source)});
  }
  return out;
}

// Each moment once.
std::vector<std::string_view> whens(const MessageEntry& entry) {
  std::vector<std::string_view> out;
  for (const Place& place : places(entry))
    if (!place.when.empty() && std::find(out.begin(), out.end(), place.when) == out.end())
      out.push_back(place.when);
  return out;
}

void list(Page& page, std::string_view title, const std::vector<std::string_view>& items) {
  if (items.empty()) return;
  page.paragraph(2, 2, {{std::string(title)}});
  for (const std::string_view item : items) page.paragraph(4, 6, {{"-"}, {std::string(item)}});
}

void show(Page& page, const MessageEntry& entry) {
  page.paragraph(0, 0,
                 {{"Message " + std::string(entry.id) + " (" + std::string(entry.levels) + ")."}});
  page.verbatim(2, entry.format.front(), Style::kPlain);
  std::string where;
  for (const Place& place : places(entry))
    where += (where.empty() ? "" : ", ") + std::string(place.file) +
             (place.function.empty() ? "" : " " + std::string(place.function) + "()");
  page.paragraph(2, 4, {{"printed by " + where}});
  for (const std::string_view when : whens(entry)) page.paragraph(2, 4, {{std::string(when)}});
  const parse::MessageMeaning meaning = parse::meaning_of(entry.id);
  if (meaning.meaning.empty()) return;
  page.paragraph(2, 2,
                 {{(meaning.general ? "In general, of " + std::string(entry.subsystem()) + ": "
                                    : std::string()) +
                   std::string(meaning.meaning)}});
  list(page, "Usual causes", meaning.causes);
  list(page, "Next steps", meaning.next);
}

void set_entry(json::Node& out, const MessageEntry& entry) {
  out.set("id", entry.id);
  json::Node& levels = out.set("levels", json::Node::array());
  for (const std::string_view level : base::split(entry.levels, ',')) levels.push(level);
  out.set("level", base::split(entry.levels, ',').front());
  out.set("subsystem", entry.subsystem());
  const auto where = places(entry);
  out.set("file", where.front().file);
  out.set("function", where.front().function);
  json::Node& sources = out.set("sources", json::Node::array());
  for (const Place& place : where) {
    json::Node& source = sources.push(json::Node::object());
    source.set("file", place.file);
    source.set("function", place.function);
    source.set("when", place.when);
  }
  json::Node& when = out.set("when", json::Node::array());
  for (const std::string_view moment : whens(entry)) when.push(moment);
  json::Node& formats = out.set("formats", json::Node::array());
  for (const std::string_view format : entry.format) formats.push(format);
  const parse::MessageMeaning meaning = parse::meaning_of(entry.id);
  out.set("meaning", meaning.meaning);
  out.set("meaning_is_general", meaning.general);
  json::Node& causes = out.set("causes", json::Node::array());
  for (const std::string_view cause : meaning.causes) causes.push(cause);
  json::Node& next = out.set("next_steps", json::Node::array());
  for (const std::string_view step : meaning.next) next.push(step);
}

}  // namespace

bool explain_message(Page& page, std::string_view text) {
  const auto entries = candidates(text);
  if (entries.empty()) return false;
  if (entries.size() > 1)
    page.paragraph(0, 0,
                   {{"The text alone does not tell which of " +
                     base::plural(static_cast<int64_t>(entries.size()), "message") + " it is."}});
  for (size_t i = 0; i < std::min(entries.size(), kMaxCandidates); ++i) {
    if (i > 0) page.blank();
    show(page, *entries[i]);
  }
  const auto line = parse::parse_error_line(text);
  const auto parts = parse::split_message(line ? line->message : text);
  if (const auto error = parts.error ? parse::errno_meaning(*parts.error) : std::nullopt)
    page.paragraph(2, 4,
                   {{"errno " + std::to_string(error->number) + ", " + std::string(error->name) +
                     ": " + std::string(error->says)}});
  return true;
}

bool explain_message_id(Page& page, std::string_view id) {
  const MessageEntry* entry = parse::MessageCatalogue::builtin().find(id);
  if (!entry) return false;
  show(page, *entry);
  return true;
}

json::Node message_json(std::string_view text) {
  std::vector<const MessageEntry*> entries;
  if (const MessageEntry* entry = parse::MessageCatalogue::builtin().find(text))
    entries.push_back(entry);
  else
    entries = candidates(text);
  if (entries.empty()) return {};
  json::Node out = json::Node::object();
  out.set("schema", "ngxdiag.explain/1");
  out.set("text", text);
  out.set("ambiguous", entries.size() > 1);
  if (entries.size() == 1) {
    set_entry(out, *entries.front());
  } else {
    out.set("id", json::Node());
    json::Node& all = out.set("candidates", json::Node::array());
    for (const MessageEntry* entry : entries) set_entry(all.push(json::Node::object()), *entry);
  }
  const auto line = parse::parse_error_line(text);
  const auto parts = parse::split_message(line ? line->message : text);
  if (line && line->level != parse::Level::kNone) out.set("level", parse::level_name(line->level));
  if (const auto error = parts.error ? parse::errno_meaning(*parts.error) : std::nullopt) {
    json::Node& node = out.set("errno", json::Node::object());
    node.set("number", error->number);
    node.set("name", error->name);
    node.set("meaning", error->says);
  }
  return out;
}

}  // namespace ngxdiag::tools

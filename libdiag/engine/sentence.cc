#include "libdiag/engine/sentence.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"
#include "libdiag/engine/rule.h"

namespace ngxdiag::engine {
namespace {

// A value in a sentence is a glimpse: the whole stands in the evidence.
constexpr size_t kShownBytes = 160;
constexpr size_t kShownMembers = 8;
constexpr std::array<std::string_view, 4> kForms = {"duration", "size", "count", "first"};
constexpr double kUnitStep = 1024;

bool name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

// Follows a shell's quoting over the literal parts of a command.
struct Quotes {
  char open = 0;
  bool escaped = false;

  void pass(char c) {
    if (escaped) {
      escaped = false;
    } else if (open == '\'') {
      if (c == '\'') open = 0;
    } else if (c == '\\') {
      escaped = true;
    } else if (open == '"') {
      if (c == '"') open = 0;
    } else if (c == '\'' || c == '"') {
      open = c;
    }
  }
};

// Walks over `text`: `literal` gets each byte that stands for itself, `place` each place. What is
// wrong, or empty.
template <typename Literal, typename PlaceAt>
std::string walk(std::string_view text, Literal literal, PlaceAt place) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '{' && c != '}') {
      literal(c);
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == c) {
      literal(c);
      ++i;
      continue;
    }
    if (c == '}') return "a single '}': write }} for a brace";
    const size_t close = text.find('}', i);
    if (close == std::string_view::npos) return "a '{' without its '}': write {{ for a brace";
    const std::string_view inside = text.substr(i + 1, close - i - 1);
    const size_t bar = inside.find('|');
    const std::string_view whole = inside.substr(0, bar);
    const size_t colon = whole.find(':');
    Place found;
    found.name = whole.substr(0, colon);
    if (colon != std::string_view::npos) found.form = whole.substr(colon + 1);
    found.has_words = bar != std::string_view::npos;
    if (found.has_words) found.words = inside.substr(bar + 1);
    found.offset = i;
    if (found.name.empty() || !std::all_of(found.name.begin(), found.name.end(), name_byte))
      return "{" + std::string(found.name) + "} names no fact: write {{ and }} for braces";
    if (colon != std::string_view::npos &&
        std::find(kForms.begin(), kForms.end(), found.form) == kForms.end())
      return "unknown form \"" + std::string(found.form) +
             "\": it may be duration, size, count, first";
    place(found);
    i = close;
  }
  return {};
}

bool pasteable(std::string_view value) {
  return !value.empty() && value[0] != '-' && std::all_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
  });
}

std::optional<std::string> shell_words(const model::Value& value) {
  std::vector<std::string> words;
  if (const auto* list = std::get_if<std::vector<std::string>>(&value))
    words = *list;
  else
    words.push_back(model::to_text(value));
  if (words.empty() || !std::all_of(words.begin(), words.end(), pasteable)) return std::nullopt;
  for (std::string& word : words) word = base::shell_quote(word);
  return base::join(words, " ");
}

std::string size_text(double bytes) {
  constexpr std::array<const char*, 5> kUnits = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  for (; bytes >= kUnitStep && unit + 1 < kUnits.size(); ++unit) bytes /= kUnitStep;
  char out[48];
  std::snprintf(out, sizeof out, bytes < 100 ? "%.3g %s" : "%.0f %s", bytes, kUnits[unit]);
  return out;
}

// The value in the form asked for; the value itself when the form does not fit it.
model::Value formed(const model::Value& value, std::string_view form) {
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  const auto* whole = std::get_if<int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  if (form == "count" && list) return static_cast<int64_t>(list->size());
  if (form == "first" && list && !list->empty()) return list->front();
  if (form == "duration" && whole) return base::format_duration(*whole);
  if (form == "size" && whole) return size_text(static_cast<double>(*whole));
  if (form == "size" && real) return size_text(*real);
  return value;
}

std::string prose(const model::Value& value) {
  if (std::holds_alternative<std::string>(value) ||
      std::holds_alternative<std::vector<std::string>>(value))
    if (!model::truthy(value)) return "none";
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  if (!list || list->size() <= kShownMembers)
    return base::shorten(model::to_text(value), kShownBytes);
  const std::vector<std::string> head(list->begin(), list->begin() + kShownMembers);
  return base::shorten(base::join(head, ", "), kShownBytes) + " and " +
         std::to_string(list->size() - kShownMembers) + " more";
}

std::string placeholder(std::string_view name, Quoting quoting) {
  if (quoting == Quoting::kPlain) return "unknown";
  std::string out(name);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '.' || c == '-') c = '_';
  }
  return out;
}

}  // namespace

std::string check_sentence(std::string_view text, std::vector<Place>& places) {
  Quotes quotes;
  const bool here_document = base::contains(text, "<<");
  return walk(
      text, [&](char c) { quotes.pass(c); },
      [&](Place place) {
        place.in_quotes = quotes.open != 0 || quotes.escaped || here_document;
        places.push_back(place);
      });
}

std::string fill(std::string_view text, std::string_view rule_id, const model::FactSet& facts,
                 Quoting quoting) {
  std::string out;
  walk(
      text, [&](char c) { out += c; },
      [&](const Place& place) {
        const bool own_line =
            place.name.starts_with("line.") && !place.name.starts_with(pattern_fact(rule_id, ""));
        const model::Fact* fact = facts.find(own_line ? pattern_fact(rule_id, place.name.substr(5))
                                                      : std::string(place.name));
        std::optional<std::string> value;
        if (fact) {
          const model::Value shown = formed(fact->value, place.form);
          value = quoting == Quoting::kShell ? shell_words(shown) : prose(shown);
        }
        if (value)
          out += *value;
        else
          out += place.has_words ? std::string(place.words) : placeholder(place.name, quoting);
      });
  return out;
}

}  // namespace ngxdiag::engine

#include "libdiag/parse/message_class.h"

#include <cassert>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/glob.h"

namespace ngxdiag::parse {
namespace {

struct Pattern {
  std::string_view text;
  uint8_t index = 0;
};

struct Table {
  std::vector<MessageClass> classes{{"other", "other messages"}};
  std::vector<Pattern> patterns;
};

Table read_table() {
  Table out;
  std::string_view text = base::builtin_data("message_classes.tsv");
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    const auto cells = base::split(line, '\t');
    if (line.empty() || line[0] == '#' || cells.size() != 3) continue;
    assert(out.classes.size() < kMaxClasses);
    for (const std::string_view pattern : base::split(cells[2], '|'))
      out.patterns.push_back({pattern, static_cast<uint8_t>(out.classes.size())});
    out.classes.push_back({cells[0], cells[1]});
  }
  return out;
}

const Table& table() {
  static const Table out = read_table();
  return out;
}

}  // namespace

const std::vector<MessageClass>& message_classes() { return table().classes; }

uint8_t class_of(MessageKind kind, std::string_view id) {
  uint8_t found = 0;
  size_t longest = 0;
  for (const Pattern& pattern : table().patterns) {
    const bool of_kind = pattern.text == "conf:" && kind == MessageKind::kConf;
    // What the kind says is weaker than anything that is said of the id.
    const size_t weight = of_kind ? 1 : pattern.text.size();
    if (weight > longest && (of_kind || glob_match(pattern.text, id))) {
      longest = weight;
      found = pattern.index;
    }
  }
  return found;
}

const std::vector<uint8_t>& classes_of_entries() {
  static const std::vector<uint8_t> out = [] {
    std::vector<uint8_t> classes;
    for (const MessageEntry& entry : MessageCatalogue::builtin().entries())
      classes.push_back(class_of(entry.kind, entry.id));
    return classes;
  }();
  return out;
}

}  // namespace ngxdiag::parse

#include "libdiag/parse/message_catalogue.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"
#include "libdiag/parse/scan.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kTail = 8;

uint64_t load8(const char* at) {
  uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

bool has_digit(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos;
}

// A place where the printed format may end, and what stands behind it.
struct End {
  size_t size = 0;
  bool error = false, file = false, ssl = false;
};

struct Ends {
  std::array<End, 16> at;
  size_t count = 0;
  void add(End end) {
    for (size_t i = 0; i < count; ++i)
      if (at[i].size == end.size && at[i].error == end.error && at[i].file == end.file &&
          at[i].ssl == end.ssl)
        return;
    if (count < at.size()) at[count++] = end;
  }
};

void add_ends(Ends& ends, std::string_view text) {
  const size_t file = before_file(text);
  const size_t error = before_error(text.substr(0, file));
  if (error < file) ends.add({error, true, file < text.size(), false});
  ends.add({file, false, file < text.size(), false});
  if (file < text.size()) {
    const size_t behind = before_error(text);
    if (behind < text.size()) ends.add({behind, true, false, false});
    ends.add({text.size(), false, false, false});
  }
}

template <typename Shape>
bool agrees(const Shape& entry, const End& end, bool loose) {
  if (entry.kind == MessageKind::kConf ? !end.file && !loose : end.file) return false;
  if (end.ssl) return entry.kind == MessageKind::kSsl;
  if (entry.kind == MessageKind::kSsl) return true;
  if (entry.use == ErrnoUse::kNone) return !end.error;
  return end.error || entry.use == ErrnoUse::kMaybe || loose;
}

uint16_t bits_of(std::string_view levels) {
  uint16_t bits = 1;  // an unknown level fits everything
  for (const std::string_view name : base::split(levels, ','))
    for (int i = 1; i <= static_cast<int>(Level::kDebug); ++i)
      if (level_name(static_cast<Level>(i)) == name) bits = static_cast<uint16_t>(bits | 1 << i);
  return bits;
}

}  // namespace

MessageCatalogue::MessageCatalogue(std::string_view table) {
  while (!table.empty()) {
    const std::string_view line = base::take_line(table);
    const auto cells = base::split(line, '\t');
    if (line.empty() || line[0] == '#' || cells.size() != 7) continue;
    const auto [place, fresh] =
        by_id_.try_emplace(cells[0], static_cast<uint32_t>(entries_.size()));
    if (fresh) {
      MessageEntry entry;
      entry.id = cells[0];
      entry.levels = cells[1];
      entry.kind = cells[2] == "conf"     ? MessageKind::kConf
                   : cells[2] == "ssl"    ? MessageKind::kSsl
                   : cells[2] == "stderr" ? MessageKind::kStderr
                                          : MessageKind::kLog;
      entry.use = cells[3] == "0"   ? ErrnoUse::kNone
                  : cells[3] == "1" ? ErrnoUse::kAlways
                                    : ErrnoUse::kMaybe;
      entry.source = cells[4];
      entry.level_bits =
          entry.kind == MessageKind::kStderr && cells[1] == "stderr" ? 1 : bits_of(cells[1]);
      entries_.push_back(std::move(entry));
    }
    entries_[place->second].format.push_back(cells[6]);
    add_shape(place->second, cells[6], cells[5]);
  }
  for (uint32_t i = 0; i < shapes_.size(); ++i) index_shape(i);
  heads_.build();
  digit_heads_.build();
}

void MessageCatalogue::add_shape(uint32_t entry, std::string_view format, std::string_view values) {
  size_t argument = 0;
  std::vector<std::string> alternatives;
  if (const size_t equals = values.find('='); equals != std::string_view::npos) {
    argument = static_cast<size_t>(base::parse_int(values.substr(0, equals)).value_or(0));
    for (const std::string_view text : base::split(values.substr(equals + 1), '|'))
      alternatives.emplace_back(text);
  }
  const MessageEntry& of = entries_[entry];
  Shape shape{MessageFormat(format, argument, std::move(alternatives)),
              entry,
              of.level_bits,
              of.kind,
              of.use,
              0,
              0,
              0};
  if (const auto& tokens = shape.format.tokens();
      !tokens.empty() && tokens.back().piece == MessageFormat::Piece::kLiteral) {
    const std::string_view tail = tokens.back().text;
    shape.tail_size = std::min(tail.size(), kTail);
    for (size_t i = 0; i < shape.tail_size; ++i) {
      const unsigned shift = static_cast<unsigned>(kTail - shape.tail_size + i) * 8;
      const auto byte = static_cast<uint8_t>(tail[tail.size() - shape.tail_size + i]);
      shape.tail |= static_cast<uint64_t>(byte) << shift;
      shape.tail_mask |= static_cast<uint64_t>(0xff) << shift;
    }
  }
  shapes_.push_back(std::move(shape));
}

// Keeps what digits_matter() needs of a format with digits, %c or %p of its own: its literals
// between digits. One whose digits stand only in the texts that an argument may be is kept once for
// each.
void MessageCatalogue::note_digits(const Shape& shape) {
  using Piece = MessageFormat::Piece;
  Digits common;
  common.level_bits = shape.level_bits;
  bool own = false;
  std::vector<std::string_view> alternatives;
  const auto& tokens = shape.format.tokens();
  const auto add_runs = [](Digits& to, std::string_view literal, bool at_start) {
    while (!literal.empty()) {
      const size_t end = std::min(literal.find_first_of("0123456789"), literal.size());
      if (at_start)
        to.head = literal.substr(0, end);
      else if (end > 0)
        to.runs.emplace_back(literal.substr(0, end));
      at_start = false;
      literal.remove_prefix(std::min(end + 1, literal.size()));
    }
  };
  for (size_t i = 0; i < tokens.size(); ++i) {
    own = own || tokens[i].piece == Piece::kChar || tokens[i].piece == Piece::kPointer ||
          has_digit(tokens[i].text);
    add_runs(common, tokens[i].text, i == 0);
    for (const std::string& text : tokens[i].alternatives)
      if (has_digit(text)) alternatives.push_back(text);
  }
  const auto keep = [this](Digits digits) {
    digit_heads_.add(digits.head, static_cast<uint32_t>(digits_.size()));
    digits_.push_back(std::move(digits));
  };
  if (own) return keep(std::move(common));
  for (const std::string_view text : alternatives) {
    Digits one = common;
    add_runs(one, text, false);
    keep(std::move(one));
  }
}

// Every beginning that a format can print is a head; what begins with any text floats.
void MessageCatalogue::index_shape(uint32_t index) {
  using Piece = MessageFormat::Piece;
  const Shape& shape = shapes_[index];
  const auto& tokens = shape.format.tokens();
  const auto literal_at = [&tokens](size_t i) {
    return i < tokens.size() && tokens[i].piece == Piece::kLiteral
               ? std::string_view(tokens[i].text)
               : std::string_view();
  };
  note_digits(shape);
  if (tokens.empty()) return;  // an empty format prints nothing that could be told
  if (tokens[0].piece == Piece::kLiteral) return heads_.add(tokens[0].text, index);
  if (!tokens[0].alternatives.empty()) {
    for (const std::string& text : tokens[0].alternatives)
      heads_.add(text + std::string(literal_at(1)), index);
    return;
  }
  if (tokens[0].piece == Piece::kSigned || tokens[0].piece == Piece::kUnsigned) {
    for (const char c : std::string_view("-0123456789")) heads_.add(std::string(1, c), index);
    return;
  }
  const std::string_view needle = shape.format.longest_inner();
  if (needle.size() < 4) return heads_.add({}, index);
  for (size_t level = 0; level < kLevels; ++level) {
    if ((shape.level_bits >> level & 1) == 0) continue;
    auto& groups = floating_[level];
    if (groups.empty() || groups.back().needles.size() == LiteralScan::kMost) groups.emplace_back();
    groups.back().needles.add(needle);
    groups.back().shapes.push_back(index);
  }
}

const MessageCatalogue& MessageCatalogue::builtin() {
  static const MessageCatalogue catalogue(base::builtin_data("messages.tsv"));
  return catalogue;
}

const MessageEntry* MessageCatalogue::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &entries_[found->second];
}

// The texts that a format may have printed, from the shortest: a phase or, when it is not sure
// where a context begins, a context may be part of it.
struct MessageCatalogue::Cuts {
  std::array<std::string_view, 3> text;
  size_t count = 0;
  void add(std::string_view cut) {
    if (count == 0 || text[count - 1].size() != cut.size()) text[count++] = cut;
  }
};

MessageCatalogue::Cuts MessageCatalogue::cuts_of(std::string_view message) {
  Cuts cuts;
  bool sure = false;
  const std::string_view text = message.substr(0, before_context(message, sure));
  cuts.add(text.substr(0, before_phase(text, sure)));
  cuts.add(text);
  if (!sure) cuts.add(message);
  return cuts;
}

void MessageCatalogue::identify(Level level, std::string_view message,
                                std::vector<uint32_t>& found) const {
  search(level, cuts_of(message), false, found);
}

void MessageCatalogue::identify_text(Level level, std::string_view text, bool has_context,
                                     std::vector<uint32_t>& found) const {
  Cuts cuts;
  cuts.add(text.substr(0, before_phase(text, has_context)));
  cuts.add(text);
  search(level, cuts, false, found);
}

void MessageCatalogue::identify_loosely(Level level, std::string_view message,
                                        std::vector<uint32_t>& found) const {
  const Cuts cuts = cuts_of(message);
  search(level, cuts, false, found);
  if (found.empty()) search(level, cuts, true, found);
  if (found.empty()) search(Level::kNone, cuts, true, found);
}

void MessageCatalogue::search(Level level, const Cuts& cuts, bool loose,
                              std::vector<uint32_t>& found) const {
  found.clear();
  const std::string_view whole = cuts.text[cuts.count - 1];
  Ends ends;
  for (size_t i = 0; i < cuts.count; ++i) add_ends(ends, cuts.text[i]);
  // OpenSSL's queue stands before the errno.
  if (const size_t queue = find_first(whole, " (SSL:"); queue != std::string_view::npos)
    ends.add({queue, true, false, true});
  // The last eight bytes before each end.
  std::array<uint64_t, std::tuple_size_v<decltype(Ends::at)>> tails;
  for (size_t i = 0; i < ends.count; ++i) {
    const size_t size = ends.at[i].size;
    if (size >= kTail) {
      tails[i] = load8(whole.data() + size - kTail);
    } else {
      tails[i] = 0;
      for (size_t at = 0; at < size; ++at)
        tails[i] |= static_cast<uint64_t>(static_cast<uint8_t>(whole[at]))
                    << 8 * (kTail - size + at);
    }
  }
  const auto bit = static_cast<uint16_t>(1u << static_cast<unsigned>(level));
  const auto attempt = [&](uint32_t index) {
    const Shape& shape = shapes_[index];
    if ((shape.level_bits & bit) == 0) return;
    for (size_t i = 0; i < ends.count; ++i) {
      const End& end = ends.at[i];
      if ((tails[i] & shape.tail_mask) != shape.tail || end.size < shape.tail_size ||
          !agrees(shape, end, loose) || !shape.format.fits(whole.substr(0, end.size)))
        continue;
      found.push_back(shape.entry);
      return;
    }
  };
  for (const uint32_t index : heads_.find(whole)) attempt(index);
  for (const Floating& group : floating_[static_cast<size_t>(level)])
    for (unsigned hits = group.needles.find(whole); hits != 0; hits &= hits - 1)
      attempt(group.shapes[static_cast<size_t>(__builtin_ctz(hits))]);
  if (found.size() < 2) return;
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

// A format with digits, %c or %p of its own may fit one number and not another. It is ruled out
// when the text does not hold what stands between its digits.
bool MessageCatalogue::digits_matter(Level level, std::string_view text) const {
  const auto bit = static_cast<uint16_t>(1u << static_cast<unsigned>(level));
  for (const uint32_t index : digit_heads_.find(text)) {
    const Digits& digits = digits_[index];
    if ((digits.level_bits & bit) == 0 || !text.starts_with(digits.head)) continue;
    bool possible = true;
    for (const std::string& run : digits.runs)
      possible = possible && find_first(text, run) != std::string_view::npos;
    if (possible) return true;
  }
  return false;
}

}  // namespace ngxdiag::parse

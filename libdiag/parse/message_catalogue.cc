#include "libdiag/parse/message_catalogue.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>

#include "libdiag/base/builtin_data.h"
#include "libdiag/base/text.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kHeadBytes = 8;
constexpr size_t kGram = 4;
constexpr uint32_t kGramBits = 4096;
constexpr size_t kFewCandidates = 3;  // from here on a set of the text's grams pays

uint64_t key_of(std::string_view text, size_t bytes) {
  uint64_t key = 0;
  std::memcpy(&key, text.data(), bytes);
  return key;
}

uint32_t gram_bit(const char* at) {
  uint32_t gram = 0;
  std::memcpy(&gram, at, kGram);
  return (gram * 2654435761u) >> 20;
}
static_assert(kGramBits == 1u << 12);

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

Ends ends_of(std::string_view message) {
  Ends ends;
  const MessageParts parts = split_message(message);
  // A phase or a context may be part of the printed text: every cut is tried with and without.
  for (const size_t size : {parts.before_phase, parts.before_fields, message.size()}) {
    const std::string_view text = message.substr(0, size);
    const size_t file = before_file(text);
    const size_t error = before_error(text.substr(0, file));
    if (error < file) ends.add({error, true, file < size, false});
    ends.add({file, false, file < size, false});
    if (file < size) {
      const size_t behind = before_error(text);
      if (behind < size) ends.add({behind, true, false, false});
      ends.add({size, false, false, false});
    }
  }
  // OpenSSL's queue stands before the errno.
  const size_t queue = message.find(" (SSL:");
  if (queue != std::string_view::npos) ends.add({queue, true, false, true});
  return ends;
}

bool agrees(const MessageEntry& entry, const End& end, bool loose) {
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
    size_t argument = 0;
    std::vector<std::string> alternatives;
    if (const size_t equals = cells[5].find('='); equals != std::string_view::npos) {
      argument = static_cast<size_t>(base::parse_int(cells[5].substr(0, equals)).value_or(0));
      for (const std::string_view text : base::split(cells[5].substr(equals + 1), '|'))
        alternatives.emplace_back(text);
    }
    shapes_.push_back({place->second,
                       MessageFormat(cells[6], argument, std::move(alternatives)),
                       {},
                       {},
                       0,
                       false});
  }
  for (uint32_t i = 0; i < shapes_.size(); ++i) {
    Shape& shape = shapes_[i];
    shape.head = shape.format.head();
    shape.needle = shape.format.longest_inner();
    if (shape.needle.size() >= kGram) {
      shape.bit = gram_bit(shape.needle.data());
      shape.has_bit = true;
    }
    const size_t bytes = std::min(shape.head.size(), kHeadBytes);
    by_head_[bytes][key_of(shape.head, bytes)].push_back(i);
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

void MessageCatalogue::identify(Level level, std::string_view message,
                                std::vector<uint32_t>& found) const {
  search(level, message, false, found);
}

void MessageCatalogue::identify_loosely(Level level, std::string_view message,
                                        std::vector<uint32_t>& found) const {
  search(level, message, false, found);
  if (found.empty()) search(level, message, true, found);
  if (found.empty()) search(Level::kNone, message, true, found);
}

void MessageCatalogue::search(Level level, std::string_view message, bool loose,
                              std::vector<uint32_t>& found) const {
  found.clear();
  const Ends ends = ends_of(message);
  const auto bit = static_cast<uint16_t>(1u << static_cast<unsigned>(level));
  std::bitset<kGramBits> grams;
  bool have_grams = false;
  for (size_t bytes = 0; bytes <= std::min(kHeadBytes, message.size()); ++bytes) {
    if (by_head_[bytes].empty()) continue;
    const auto bucket = by_head_[bytes].find(key_of(message, bytes));
    if (bucket == by_head_[bytes].end()) continue;
    for (const uint32_t index : bucket->second) {
      const Shape& shape = shapes_[index];
      const MessageEntry& entry = entries_[shape.entry];
      if ((entry.level_bits & bit) == 0 || !message.starts_with(shape.head)) continue;
      if (shape.has_bit && bucket->second.size() > kFewCandidates) {
        if (!have_grams) {
          have_grams = true;
          for (size_t i = 0; i + kGram <= message.size(); ++i) grams.set(gram_bit(&message[i]));
        }
        if (!grams.test(shape.bit)) continue;
      }
      for (size_t i = 0; i < ends.count; ++i) {
        if (!agrees(entry, ends.at[i], loose) ||
            !shape.format.fits(message.substr(0, ends.at[i].size)))
          continue;
        found.push_back(shape.entry);
        break;
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

}  // namespace ngxdiag::parse

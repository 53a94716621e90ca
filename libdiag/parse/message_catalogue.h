// Every text that nginx and common modules can log (rules/data/messages.tsv), and which of them a
// line is. Example: level error and
//   connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1, …
// is common.connect-failed-2 when exactly one format can have printed it. A verdict is exact: the
// whole message must fit the format, the errno must be there or not as its call says, a
// configuration message must name its place, the level must be one the call can have. Several
// formats that fit are all given: the text cannot tell them apart. None is "unknown".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libdiag/parse/error_log.h"
#include "libdiag/parse/head_index.h"
#include "libdiag/parse/literal_scan.h"
#include "libdiag/parse/message_format.h"

namespace ngxdiag::parse {

enum class MessageKind : uint8_t { kLog, kConf, kSsl, kStderr };
// What the call passes for errno: never one, always one, or one that may be 0.
enum class ErrnoUse : uint8_t { kNone, kAlways, kMaybe };

struct MessageEntry {
  std::string_view id;      // "process.exited-on-signal", never changes
  std::string_view levels;  // "alert,error"
  MessageKind kind = MessageKind::kLog;
  ErrnoUse use = ErrnoUse::kNone;
  std::string_view source;               // "src/os/unix/ngx_process.c:ngx_process_get_status;…"
  std::vector<std::string_view> format;  // as in the source; more than one for built texts
  uint16_t level_bits = 0;

  std::string_view subsystem() const { return id.substr(0, id.find('.')); }
};

class MessageCatalogue {
 public:
  static constexpr size_t kLevels = 9;

  // `table` must outlive the object: rows of id, levels, kind, errno, source, values, format.
  explicit MessageCatalogue(std::string_view table);

  // Of what is compiled in; made at the first call.
  static const MessageCatalogue& builtin();

  // Indices into entries() of all that can have printed `message` (what stands behind
  // "pid#tid: *N "), in order. Level::kNone stands for a level that is not known.
  void identify(Level level, std::string_view message, std::vector<uint32_t>& found) const;
  // The same, but a message without its errno, place or end is taken too: what people paste.
  void identify_loosely(Level level, std::string_view message, std::vector<uint32_t>& found) const;

  // As identify(), of a message whose context was cut off already: `text` is what stood before
  // ", client: " (`has_context`), or all of a message that has none and no blanks at its end.
  void identify_text(Level level, std::string_view text, bool has_context,
                     std::vector<uint32_t>& found) const;

  // True when another number of at most seven digits in place of one of `text` may change what
  // identify_text() finds: some format that can come near it has digits of its own.
  bool digits_matter(Level level, std::string_view text) const;

  const std::vector<MessageEntry>& entries() const { return entries_; }
  const MessageEntry* find(std::string_view id) const;

 private:
  struct Shape {
    MessageFormat format;
    uint32_t entry = 0;
    uint16_t level_bits = 0;
    MessageKind kind = MessageKind::kLog;
    ErrnoUse use = ErrnoUse::kNone;
    // Up to eight last bytes of the literal it ends with: what no end has is not tried.
    uint64_t tail = 0, tail_mask = 0;
    size_t tail_size = 0;
  };
  // Formats that begin with any text, in groups that one pass looks for.
  struct Floating {
    LiteralScan needles;
    std::vector<uint32_t> shapes;
  };
  // What a text must begin with and hold for a format with digits of its own to come near it.
  struct Digits {
    uint16_t level_bits = 0;
    std::string head;
    std::vector<std::string> runs;
  };
  struct Cuts;

  void add_shape(uint32_t entry, std::string_view format, std::string_view values);
  void index_shape(uint32_t shape);
  void note_digits(const Shape& shape);
  void search(Level level, const Cuts& cuts, bool loose, std::vector<uint32_t>& found) const;
  static Cuts cuts_of(std::string_view message);

  std::vector<MessageEntry> entries_;
  std::vector<Shape> shapes_;
  std::unordered_map<std::string_view, uint32_t> by_id_;
  HeadIndex heads_;
  HeadIndex digit_heads_;
  std::vector<Digits> digits_;
  std::vector<Floating> floating_[kLevels];
};

}  // namespace ngxdiag::parse

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
  // `table` must outlive the object: rows of id, levels, kind, errno, source, values, format.
  explicit MessageCatalogue(std::string_view table);

  // Of what is compiled in; made at the first call.
  static const MessageCatalogue& builtin();

  // Indices into entries() of all that can have printed `message` (what stands behind
  // "pid#tid: *N "), in order. Level::kNone stands for a level that is not known.
  void identify(Level level, std::string_view message, std::vector<uint32_t>& found) const;
  // The same, but a message without its errno, place or end is taken too: what people paste.
  void identify_loosely(Level level, std::string_view message, std::vector<uint32_t>& found) const;

  const std::vector<MessageEntry>& entries() const { return entries_; }
  const MessageEntry* find(std::string_view id) const;

 private:
  struct Shape {
    uint32_t entry = 0;
    MessageFormat format;
    std::string_view head;    // what it begins with
    std::string_view needle;  // must occur behind the head
    uint32_t bit = 0;         // of the needle's beginning, in a set of what the text holds
    bool has_bit = false;
  };
  void search(Level level, std::string_view message, bool loose,
              std::vector<uint32_t>& found) const;

  std::vector<MessageEntry> entries_;
  std::vector<Shape> shapes_;
  std::unordered_map<std::string_view, uint32_t> by_id_;
  // Shapes by the first bytes of their heads, eight at most.
  std::unordered_map<uint64_t, std::vector<uint32_t>> by_head_[9];
};

}  // namespace ngxdiag::parse

// The journal's export format (systemd.io/JOURNAL_EXPORT_FORMATS): `journalctl -o export`, sos
// reports. An entry is fields one to a line and an empty line; a value with other bytes than text
// stands behind its length in eight bytes, the least first:
//   __REALTIME_TIMESTAMP=1776813500123456
//   MESSAGE
//   \x11\0\0\0\0\0\0\0of several lines
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "libdiag/source/log_record.h"

namespace ngxdiag::source {

bool begins_journal_export(std::string_view head);

class JournalExport {
 public:
  // Entries without a message are told too. Values beyond base::kMaxLineBytes are cut after one
  // byte more.
  using OnEntry = std::function<void(LogRecord)>;

  // Any cut of the bytes into pieces gives the same entries.
  void feed(std::string_view bytes, const OnEntry& on_entry);
  // The entry that had no end.
  void finish(const OnEntry& on_entry);

 private:
  enum class State : uint8_t { kLine, kLength, kValue, kValueEnd };
  void line(const OnEntry& on_entry);
  void entry(const OnEntry& on_entry);
  void keep(std::string_view bytes);

  State state_ = State::kLine;
  std::string text_;  // of the line or value so far
  std::string name_;
  uint64_t left_ = 0;  // bytes of the value that are still to come
  LogRecord record_;
  bool any_ = false, last_part_ = false;
};

}  // namespace ngxdiag::source

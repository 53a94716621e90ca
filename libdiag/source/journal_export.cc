#include "libdiag/source/journal_export.h"

#include <algorithm>
#include <utility>

#include "libdiag/base/limits.h"

namespace ngxdiag::source {
namespace {

constexpr size_t kLengthBytes = 8;
constexpr size_t kMaxName = 64;  // systemd's own bound

bool is_field_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

}  // namespace

bool begins_journal_export(std::string_view head) {
  const std::string_view first = head.substr(0, head.find('\n'));
  const size_t equals = first.find('=');
  return equals != std::string_view::npos && first.substr(0, 2) == "__" &&
         is_field_name(first.substr(0, equals)) &&
         head.find("__REALTIME_TIMESTAMP=") != std::string_view::npos;
}

void JournalExport::keep(std::string_view bytes) {
  const size_t room = base::kMaxLineBytes + 1 - std::min(text_.size(), base::kMaxLineBytes + 1);
  text_.append(bytes.substr(0, room));
}

void JournalExport::feed(std::string_view bytes, const OnEntry& on_entry) {
  while (!bytes.empty()) {
    switch (state_) {
      case State::kLine: {
        const size_t end = bytes.find('\n');
        keep(bytes.substr(0, end));
        if (end == std::string_view::npos) return;
        bytes.remove_prefix(end + 1);
        line(on_entry);
        break;
      }
      case State::kLength: {
        const size_t part = std::min(bytes.size(), kLengthBytes - text_.size());
        keep(bytes.substr(0, part));
        bytes.remove_prefix(part);
        if (text_.size() < kLengthBytes) return;
        left_ = 0;
        for (size_t i = kLengthBytes; i-- > 0;)
          left_ = left_ << 8 | static_cast<unsigned char>(text_[i]);
        text_.clear();
        state_ = State::kValue;
        break;
      }
      case State::kValue: {
        const size_t part = static_cast<size_t>(std::min<uint64_t>(bytes.size(), left_));
        keep(bytes.substr(0, part));
        bytes.remove_prefix(part);
        left_ -= part;
        if (left_ > 0) return;
        set_journal_field(record_, name_, text_);
        last_part_ |= name_ == "CONTAINER_PARTIAL_LAST" && text_ == "true";
        any_ = true;
        text_.clear();
        state_ = State::kValueEnd;
        break;
      }
      case State::kValueEnd:
        if (bytes[0] == '\n') bytes.remove_prefix(1);
        state_ = State::kLine;
        break;
    }
  }
}

void JournalExport::line(const OnEntry& on_entry) {
  const std::string text = std::exchange(text_, {});
  const std::string_view whole = text;
  const size_t equals = whole.find('=');
  if (whole.empty()) {
    entry(on_entry);
  } else if (equals != std::string_view::npos) {
    const std::string_view name = whole.substr(0, equals), value = whole.substr(equals + 1);
    set_journal_field(record_, name, value);
    last_part_ |= name == "CONTAINER_PARTIAL_LAST" && value == "true";
    any_ = true;
  } else if (is_field_name(whole)) {
    name_ = whole;
    state_ = State::kLength;
  }
}

void JournalExport::entry(const OnEntry& on_entry) {
  if (any_) {
    if (last_part_) record_.partial = false;
    on_entry(std::move(record_));
  }
  record_ = {};
  any_ = last_part_ = false;
}

void JournalExport::finish(const OnEntry& on_entry) {
  if (state_ == State::kLine && !text_.empty()) line(on_entry);
  if (state_ == State::kValue) set_journal_field(record_, name_, text_);
  entry(on_entry);
}

}  // namespace ngxdiag::source

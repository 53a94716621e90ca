// Messages that were seen before but for their numbers, with what was found out about them.
// Example: after `worker process 9 exited on signal 6` was looked up once, `worker process 12345
// exited on signal 11` is recognised by comparing every byte between its numbers, and is known to
// be the same message. Nothing is taken over from a text that only looks alike: a text that could
// be another message with other numbers is not remembered (MessageCatalogue::digits_matter). Memory
// is bounded: newer texts take the place of those that are not seen again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "libdiag/parse/error_log.h"

namespace ngxdiag::parse {

// What a message says about the life of processes, its numbers not yet read.
struct LifeShape {
  Life life = Life::kNone;
  size_t subject_at = 0, subject_size = 0;  // within the text
  int child = -1, number = -1;              // which of the text's numbers; -1: `fixed`
  LifeLine fixed;                           // without a subject
  bool varies = false;  // a number stands in or before the subject: ask parse_life() again
};

class MessageMemory {
 public:
  static constexpr size_t kNumbers = 6;
  static constexpr size_t kLongest = 208;  // bytes of a text without its numbers

  struct Known {
    uint32_t verdict = 0;  // what learn() was given
    LifeShape life;
  };
  // The numbers of the text that was found last.
  struct Numbers {
    std::array<uint64_t, kNumbers> value;
  };

  MessageMemory();

  // What is known of the text, or null. `has_context` as in MessageCatalogue::identify_text().
  // REQUIRES: 32 readable bytes behind the text.
  const Known* find(Level level, std::string_view text, bool has_context, Numbers& numbers);

  // Whether the text that find() gave null for is worth remembering, and remembering it.
  bool wants() const { return wanted_; }
  // `fixed` false: its numbers matter, it will not be remembered.
  void learn(Level level, std::string_view text, bool has_context, bool fixed, Known known);

 private:
  struct Entry {
    Known known;
    uint8_t level = 0, numbers = 0;
    bool has_context = false;
    std::array<uint8_t, kNumbers + 1> run{};  // lengths of the texts between the numbers
    std::array<uint8_t, kNumbers> digits{};   // that each number may have
    std::array<char, kLongest + 32> text{};
  };
  struct Slot {
    uint32_t tag = 0, entry = 0;  // index + 1
    uint16_t misses = 0, patience = 1;
  };
  static bool fits(const Entry& entry, std::string_view text, Numbers& numbers);

  std::vector<Slot> slots_;
  std::vector<Entry> entries_;
  size_t slot_ = 0;  // of the last find()
  uint32_t tag_ = 0;
  bool wanted_ = false;
};

// The same with the numbers put in. The subject is a view into `text`.
LifeLine life_line(const LifeShape& shape, const MessageMemory::Numbers& numbers,
                   std::string_view text);

// parse_life() of a text, as a shape: which of its numbers are the child and the number.
LifeShape life_shape(std::string_view text);

}  // namespace ngxdiag::parse

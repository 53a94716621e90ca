#include "libdiag/parse/message_memory.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "libdiag/parse/message_catalogue.h"

using namespace ngxdiag::parse;

namespace {

// Texts with the room that is read behind them.
struct Text {
  explicit Text(const std::string& text) : bytes(text + std::string(64, '7')), size(text.size()) {}
  operator std::string_view() const { return {bytes.data(), size}; }
  std::string bytes;
  size_t size;
};

void learn(MessageMemory& memory, Level level, std::string_view text, uint32_t verdict) {
  MessageMemory::Numbers numbers;
  while (memory.find(level, text, false, numbers) == nullptr)
    if (memory.wants()) memory.learn(level, text, false, true, {verdict, life_shape(text)});
}

}  // namespace

TEST_CASE("a text is known again whatever its numbers, and only then") {
  MessageMemory memory;
  MessageMemory::Numbers numbers;
  const Text first("worker process 9 exited on signal 6");
  learn(memory, Level::kAlert, first, 42);
  const Text other("worker process 4194303 exited on signal 4");
  const auto* known = memory.find(Level::kAlert, other, false, numbers);
  REQUIRE(known != nullptr);
  CHECK(known->verdict == 42);
  const LifeLine life = life_line(known->life, numbers, other);
  CHECK(life.life == Life::kExitedOnSignal);
  CHECK(life.subject == "worker process");
  CHECK(life.child == 4194303);
  CHECK(life.number == 4);
  for (const char* text :
       {"worker process 9 exited on signal 6 (core dumped)", "worker  process 9 exited on signal 6",
        "worker process  exited on signal 6", "worker process 9 exited on signal ",
        "worker process 12345678 exited on signal 6", "worker process 9 exited on Signal 6"})
    CHECK(memory.find(Level::kAlert, Text(text), false, numbers) == nullptr);
  CHECK(memory.find(Level::kNotice, first, false, numbers) == nullptr);
  CHECK(memory.find(Level::kAlert, first, true, numbers) == nullptr);
}

TEST_CASE("every byte between the numbers is compared") {
  MessageMemory memory;
  MessageMemory::Numbers numbers;
  const std::string text =
      "shared memory zone \"memstore\" was locked by 812 for no reason that anybody could name";
  learn(memory, Level::kAlert, Text(text), 1);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    if (changed[i] >= '0' && changed[i] <= '9') continue;
    changed[i] = '~';
    CHECK(memory.find(Level::kAlert, Text(changed), false, numbers) == nullptr);
  }
}

TEST_CASE("texts that never come again wear their welcome out") {
  MessageMemory memory;
  MessageMemory::Numbers numbers;
  int learned = 0;
  for (int i = 0; i < 5000; ++i) {
    const Text text("open() \"/srv/" + std::string(1 + static_cast<size_t>(i) % 60, 'a') +
                    std::string(1, static_cast<char>('b' + i % 7)) + "\" failed for a reason");
    if (memory.find(Level::kError, text, false, numbers) == nullptr && memory.wants()) {
      memory.learn(Level::kError, text, false, true, {});
      ++learned;
    }
  }
  CHECK(learned < 40);
}

TEST_CASE("what a zone is called may hold a number: the line is read again") {
  CHECK(life_shape("shared memory zone \"memstore\" was locked by 9").varies == false);
  CHECK(life_shape("shared memory zone \"cache2\" was locked by 9").varies);
  CHECK(life_shape("nginx/1.24.0").varies);
  CHECK(life_shape("no such thing 9").life == Life::kNone);
}

TEST_CASE("formats with digits of their own are told from others") {
  const MessageCatalogue& all = MessageCatalogue::builtin();
  CHECK_FALSE(all.digits_matter(Level::kAlert, "worker process 9 exited on signal 6"));
  CHECK_FALSE(all.digits_matter(
      Level::kError, "connect() failed (111: Connection refused) while connecting to upstream"));
  // "client sent invalid HTTP/3 …" could be said of no other protocol.
  size_t sensitive = 0;
  std::vector<uint32_t> before, after;
  for (const MessageEntry& entry : all.entries()) {
    const std::string text(entry.format.front());
    if (text.find('%') != std::string::npos || text.find_first_of("123456789") == std::string::npos)
      continue;
    for (size_t level = 1; level <= 8; ++level) {
      if ((entry.level_bits >> level & 1) == 0) continue;
      CHECK_MESSAGE(all.digits_matter(static_cast<Level>(level), text), text);
      ++sensitive;
    }
  }
  CHECK(sensitive > 50);
}

#include "libdiag/analyze/log_window.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "libdiag/base/time.h"
#include "libdiag/source/streams.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

// Twelve hours, a few lines a second, some of them traces.
std::string day(bool clock_goes_back) {
  std::string out;
  const base::CivilTime begin = *base::civil(2026, 4, 21);
  for (int i = 0; out.size() < (10u << 20); ++i) {
    const base::CivilTime back = clock_goes_back && i > 60000 ? 3600 : 0;
    std::string stamp = base::format_civil(begin + i / 3 - back);
    stamp[4] = stamp[7] = '/';
    out += stamp + " [error] 9#9: *7 a line of a log\n";
    if (i % 11 == 0) out += "\ta trace\n";
  }
  return out;
}

std::string read_all(source::ByteStream& stream) { return source::read_some(stream, 1u << 30); }

}  // namespace

TEST_CASE("a window holds all lines of its time and few others") {
  const std::string text = day(false);
  const auto stream = source::memory_stream(std::make_shared<const std::string>(text));
  const base::CivilTime since = *base::civil(2026, 4, 21, 9, 0), until = since + 600;
  const auto window = find_window(*stream, since, until);
  REQUIRE(window);
  CHECK(window->until - window->from < 300000);
  const std::string part = read_all(*part_of(*stream, *window));
  CHECK(part == text.substr(window->from, window->until - window->from));
  CHECK(part.starts_with("2026/04/21 08:5"));
  const size_t first = text.find("2026/04/21 09:00:00"), end = text.find("2026/04/21 09:10:00");
  CHECK(window->from <= first);
  CHECK(window->until >= end);
}

TEST_CASE("windows at and beyond the ends of a log") {
  const std::string text = day(false);
  const auto stream = source::memory_stream(std::make_shared<const std::string>(text));
  const base::CivilTime begin = *base::civil(2026, 4, 21);
  const auto early = find_window(*stream, std::nullopt, begin + 60);
  REQUIRE(early);
  CHECK(early->from == 0);
  CHECK(early->until < 100000);
  const auto late = find_window(*stream, begin + 10 * 86400, std::nullopt);
  REQUIRE(late);
  CHECK(late->until == text.size());
  CHECK(late->from > text.size() - 100000);
  const auto before = find_window(*stream, begin - 9000, begin - 8000);
  REQUIRE(before);
  CHECK(before->until < 100000);
}

TEST_CASE(
    "a log is read whole when its times do not rise, when it is small or cannot be sought in") {
  const base::CivilTime since = *base::civil(2026, 4, 21, 9, 0);
  const auto back = source::memory_stream(std::make_shared<const std::string>(day(true)));
  CHECK_FALSE(find_window(*back, since, since + 60));
  const auto small = source::memory_stream(
      std::make_shared<const std::string>("2026/04/21 09:00:00 [error] 9#9: *7 a line\n"));
  CHECK_FALSE(find_window(*small, since, since + 60));
  const auto other =
      source::memory_stream(std::make_shared<const std::string>(std::string(9u << 20, 'x')));
  CHECK_FALSE(find_window(*other, since, since + 60));
  const auto all = source::memory_stream(std::make_shared<const std::string>(day(false)));
  CHECK_FALSE(find_window(*all, std::nullopt, std::nullopt));
}

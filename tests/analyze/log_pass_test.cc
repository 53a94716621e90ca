#include "libdiag/analyze/log_pass.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "libdiag/source/streams.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

// Records, traces, and records that stay open over many lines, so that blocks depend on each other.
std::string log_text() {
  std::string out;
  for (int i = 0; i < 30000; ++i) {
    const std::string head = "2026/04/21 2" + std::to_string(i / 10000) + ":" +
                             std::to_string(10 + i / 200 % 50) + ":00 [error] 9#9: *7 ";
    if (i % 97 == 0)
      out += head + "FastCGI sent in stderr: \"PHP message: a\n\tb\n\tc\n";
    else
      out += head +
             "connect() failed (111: Connection refused) while connecting to upstream, client: "
             "192.0.2." +
             std::to_string(i % 250) + ", server: a\n";
    if (i % 5 == 0) out += "\ta trace\n";
  }
  return out;
}

struct Sums {
  int64_t lines = 0, identified = 0, continuation = 0, suspect = 0, messages = 0, digests = 0;
  std::string order;
  bool operator==(const Sums&) const = default;
};

Sums sums_of(const std::string& text, unsigned threads) {
  const auto stream = source::memory_stream(std::make_shared<const std::string>(text));
  LogPass pass(threads, {}, {});
  Sums out;
  CHECK(pass.run({}, *stream, [&](const LogDigest& digest, int64_t) {
    out.lines += digest.lines;
    out.identified += digest.identified;
    out.continuation += digest.continuation;
    out.suspect += digest.suspect;
    ++out.digests;
    for (const auto& message : digest.messages)
      out.order += std::to_string(message.id) + ":" + std::to_string(message.count) + "@" +
                   std::to_string(message.first) + " ";
    return true;
  }));
  CHECK(pass.bytes() == static_cast<int64_t>(text.size()));
  return out;
}

}  // namespace

TEST_CASE("any number of threads finds the same in the same order") {
  const std::string text = log_text();
  const Sums one = sums_of(text, 1);
  CHECK(one.digests > 10);
  CHECK(one.suspect > 0);
  for (const unsigned threads : {2u, 3u, 8u}) CHECK(sums_of(text, threads) == one);
}

TEST_CASE("whoever takes the digests can end the pass") {
  const auto stream = source::memory_stream(std::make_shared<const std::string>(log_text()));
  LogPass pass(4, {}, {});
  int taken = 0;
  CHECK_FALSE(pass.run({}, *stream, [&](const LogDigest&, int64_t) { return ++taken < 3; }));
  CHECK(taken == 3);
}

TEST_CASE("a pass can be run again") {
  LogPass pass(2, {}, {});
  for (int i = 0; i < 3; ++i) {
    const auto stream =
        source::memory_stream(std::make_shared<const std::string>("2026/04/21 23:18:20 [x\n"));
    int64_t lines = 0;
    CHECK(pass.run({}, *stream, [&](const LogDigest& digest, int64_t) {
      lines += digest.lines;
      return true;
    }));
    CHECK(lines == 1);
  }
}

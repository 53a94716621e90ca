#include "libdiag/analyze/log_classifier.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "libdiag/base/text.h"

using namespace ngxdiag;
using namespace ngxdiag::analyze;

namespace {

struct Line {
  LineVerdict verdict;
  std::vector<uint32_t> ids;
};

std::vector<Line> classified(const std::string& text) {
  constexpr size_t kPadding = parse::LineMasks::kPadding;
  const std::string block = std::string(kPadding, 'x') + text + std::string(kPadding, '"');
  LogClassifier classifier({}, {});
  LogState state;
  LogDigest digest;
  std::vector<Line> out;
  classifier.classify(std::string_view(block).substr(kPadding, text.size()), state, 1, digest,
                      [&](const ClassifiedLine& line) {
                        out.push_back({line.verdict, *line.ids});
                      });
  CHECK(digest.lines == static_cast<int64_t>(out.size()));
  CHECK(digest.identified + digest.ambiguous + digest.unknown + digest.continuation ==
        digest.lines);
  return out;
}

// The long way alone.
std::vector<Line> read_slowly(std::string_view text) {
  parse::RecordTracker tracker;
  std::vector<Line> out;
  std::vector<uint32_t> found;
  while (!text.empty()) {
    std::string_view line = base::take_line(text);
    const bool begins = tracker.begins_record(line);
    const auto parsed = parse::parse_error_line(line);
    if (!begins || !parsed) {
      const bool bare =
          !parsed && (parse::parse_assertion(line) || !parse::abort_text_kind(line).empty());
      out.push_back({bare ? LineVerdict::kIdentified : LineVerdict::kContinuation, {}});
      continue;
    }
    parse::MessageCatalogue::builtin().identify(parsed->level, parsed->message, found);
    out.push_back({found.empty()       ? LineVerdict::kUnknown
                   : found.size() == 1 ? LineVerdict::kIdentified
                                       : LineVerdict::kAmbiguous,
                   found});
  }
  return out;
}

const std::vector<std::string> kLines{
    "2026/04/21 23:18:20 [alert] 812#812: worker process 9 exited on signal 6",
    "2026/04/21 23:18:20 [alert] 812#812: worker process 10 exited on signal 11 (core dumped)",
    "2026/04/21 23:18:20 [alert] 812#812: shared memory zone \"memstore\" was locked by 9",
    "2026/04/21 23:18:20 [error] 9#9: *7 connect() failed (111: Connection refused) while "
    "connecting "
    "to upstream, client: 192.0.2.1, server: a, request: \"GET / HTTP/1.1\", upstream: "
    "\"http://10.0.0.5:80/\", host: \"a.example\"",
    "2026/04/21 23:18:21 [error] 9#9: *8 open() \"/srv/x\" failed (2: No such file or directory), "
    "client: 192.0.2.1, server: a, request: \"GET /x HTTP/1.1\", host: \"a\", referrer: \"b\"",
    "2026/04/21 23:18:21 [error] 9#9: *8 open() \"/srv/x, client: 1.2.3.4, server: y\" failed (2: "
    "No "
    "such file or directory), client: 192.0.2.1, server: a, request: \"GET /x HTTP/1.1\", host: "
    "\"a\"",
    "2026/04/21 23:18:21 [info] 9#9: *8 client closed connection while waiting for request, "
    "client: "
    "192.0.2.1, server: 0.0.0.0:80",
    "2026/04/21 23:18:22 [notice] 812#812: signal 17 (SIGCHLD) received from 9",
    "2026/04/21 23:18:22 [notice] 812#812: start worker process 11",
    "2026/04/21 23:18:22 [emerg] 812#812: unknown directive \"foo\" in /etc/nginx/nginx.conf:3",
    "2026/04/21 23:18:23 [error] 9#9: *9 FastCGI sent in stderr: \"PHP message: a",
    "b\" while reading response header from upstream, client: 192.0.2.1, server: a, request: \"GET "
    "/ "
    "HTTP/1.1\", upstream: \"fastcgi://unix:/run/php.sock:\", host: \"a\"",
    "2026/04/21 23:18:23 [error] 9#9: *9 [lua] a.lua:7: a text, client: 192.0.2.1, server: a, "
    "request: \"GET / HTTP/1.1\", host: \"a\"",
    "stack traceback:",
    "2026/04/21 23:18:23 [error] 9#9: a text that nobody prints 17",
    "2026/04/21 23:18:23 [error] 9#9: example.org could not be resolved (3: Host not found)",
    "ker process: /build/memstore.c:705: nchan_store_init_worker: Assertion `procslot_found == 1' "
    "failed.",
    "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
    "",
    "2026/04/21 23:18:24 [error] 9#9: *10 limiting requests, excess: 5.123 by zone \"one\", "
    "client: "
    "192.0.2.1, server: a, request: \"GET / HTTP/1.1\", host: \"a\"\r",
    "2026/04/21 23:18:24 [error] 9#9: *11 client sent invalid \\\"header\\\", client: 192.0.2.1, "
    "server: a",
};

}  // namespace

TEST_CASE("the short way gives every line what the long way gives it") {
  std::mt19937 dice(13);
  std::string text;
  for (int i = 0; i < 12000; ++i) {
    std::string line = kLines[dice() % kLines.size()];
    // Some are damaged, some get other numbers, some are cut or glued together.
    const size_t damage = dice() % 8;
    if (!line.empty() && damage == 0) line[dice() % line.size()] = "\"\\ ,:(x7\0"[dice() % 9];
    if (damage == 1) line = line.substr(0, dice() % (line.size() + 1));
    if (damage == 2) line += kLines[dice() % kLines.size()];
    if (damage >= 5)
      for (char& c : line)
        if (c >= '1' && c <= '9' && &c - line.data() > 30 && dice() % 3 == 0)
          c = static_cast<char>('1' + dice() % 9);
    text += line + "\n";
  }
  const std::vector<Line> quick = classified(text), slow = read_slowly(text);
  REQUIRE(quick.size() == slow.size());
  std::string_view rest = text;
  for (size_t i = 0; i < quick.size(); ++i) {
    const std::string_view line = base::take_line(rest);
    INFO(line);
    REQUIRE(quick[i].verdict == slow[i].verdict);
    REQUIRE(quick[i].ids == slow[i].ids);
  }
}

TEST_CASE("counts of a block: minutes, messages, lives, writers, fields") {
  std::string text;
  for (const std::string& line : kLines) text += line + "\n";
  constexpr size_t kPadding = parse::LineMasks::kPadding;
  const std::string block = std::string(kPadding, 'x') + text + std::string(kPadding, 'x');
  LogClassifier classifier({}, {});
  LogState state;
  LogDigest digest;
  classifier.classify(std::string_view(block).substr(kPadding, text.size()), state, 1, digest);
  CHECK(digest.unknown == 3);
  CHECK(digest.bare.size() == 1);
  CHECK(state.time == base::parse_civil("2026/04/21 23:18:24"));
  REQUIRE(digest.minutes.size() >= 1);
  CHECK(digest.minutes[0].signals == std::vector<std::pair<int, uint32_t>>{{6, 1}, {11, 1}});
  REQUIRE(digest.lives.size() == 3);
  CHECK(digest.lives[1].child == 10);
  CHECK(digest.lives[1].core);
  CHECK(digest.lives[2].life == parse::Life::kStartProcess);
  CHECK(digest.writers.size() == 2);
  REQUIRE_FALSE(digest.fields.empty());
  CHECK(digest.fields[0].upstream == "http://10.0.0.5:80/");
  CHECK(digest.fields[0].host == "a.example");
}

TEST_CASE("lines outside the window count as outside") {
  std::string text;
  for (const std::string& line : kLines) text += line + "\n";
  constexpr size_t kPadding = parse::LineMasks::kPadding;
  const std::string block = std::string(kPadding, 'x') + text + std::string(kPadding, 'x');
  LogClassifier classifier(base::parse_civil("2026/04/21 23:18:21"),
                           base::parse_civil("2026/04/21 23:18:23"));
  LogState state;
  state.inside = false;
  LogDigest digest;
  classifier.classify(std::string_view(block).substr(kPadding, text.size()), state, 1, digest);
  CHECK(digest.identified == 6);
  CHECK(digest.outside + digest.identified == digest.lines);
  CHECK(digest.first == base::parse_civil("2026/04/21 23:18:21"));
  CHECK(digest.last == base::parse_civil("2026/04/21 23:18:22"));
}

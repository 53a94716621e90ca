#include "libdiag/source/journal_export.h"

#include <doctest/doctest.h>

#include <vector>

#include "libdiag/base/limits.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

namespace {

const std::string kEntry =
    "__CURSOR=s=bcce4fb8ffcb40e9a6e05eee8b7831bf;i=5ef603\n"
    "__REALTIME_TIMESTAMP=1776813500123456\n"
    "__MONOTONIC_TIMESTAMP=1446424397\n"
    "_BOOT_ID=6c7c6013a8a54b1a9b1a8b6e0f3c4d5e\n"
    "PRIORITY=3\n"
    "SYSLOG_IDENTIFIER=nginx\n"
    "_PID=812\n"
    "_HOSTNAME=web1\n";

std::string binary(std::string_view value) {
  std::string out = "MESSAGE\n";
  for (size_t i = 0; i < 8; ++i) out += static_cast<char>(value.size() >> (8 * i) & 0xff);
  return out + std::string(value) + "\n";
}

std::vector<LogRecord> entries(std::string_view bytes, size_t step) {
  std::vector<LogRecord> out;
  JournalExport reader;
  const auto keep = [&](LogRecord record) { out.push_back(std::move(record)); };
  while (!bytes.empty()) {
    reader.feed(bytes.substr(0, step), keep);
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
  reader.finish(keep);
  return out;
}

}  // namespace

TEST_CASE("entries come out alike however the bytes are cut") {
  const std::string text = kEntry + "MESSAGE=2026/04/21 23:18:20 [alert] 812#812: a=b\n\n" +
                           kEntry + binary("two\nlines \xff") + "\n" + kEntry + "MESSAGE=no end";
  for (const size_t step : {size_t{1}, size_t{7}, text.size()}) {
    CAPTURE(step);
    const auto found = entries(text, step);
    REQUIRE(found.size() == 3);
    CHECK(found[0].text == "2026/04/21 23:18:20 [alert] 812#812: a=b");
    CHECK(found[0].pid == 812);
    CHECK(found[0].program == "nginx");
    CHECK(found[0].fraction == ".123456");
    CHECK(found[1].text == "two\nlines \xff");
    CHECK(found[2].text == "no end");
  }
}

TEST_CASE("a length that lies costs neither memory nor time") {
  const auto found = entries(kEntry + "MESSAGE\n" + std::string(8, '\xff') + "short", 3);
  REQUIRE(found.size() == 1);
  CHECK(found[0].text == "short");
  const auto huge = entries(kEntry + binary(std::string(200000, 'x')) + "\n", 65536);
  REQUIRE(huge.size() == 1);
  CHECK(huge[0].text.size() == base::kMaxLineBytes + 1);
}

TEST_CASE("parts of a container's line are marked until the last") {
  const auto found = entries(
      kEntry + "CONTAINER_NAME=web\nCONTAINER_PARTIAL_MESSAGE=true\nMESSAGE=a\n\n" + kEntry +
          "CONTAINER_NAME=web\nCONTAINER_PARTIAL_MESSAGE=true\n"
          "CONTAINER_PARTIAL_LAST=true\nMESSAGE=b\n\n",
      11);
  REQUIRE(found.size() == 2);
  CHECK(found[0].partial);
  CHECK_FALSE(found[1].partial);
}

TEST_CASE("the format is known by its first line") {
  CHECK(begins_journal_export(kEntry));
  CHECK_FALSE(begins_journal_export("LANG=C\nPATH=/bin\n"));
  CHECK_FALSE(begins_journal_export("2026/04/21 23:18:20 [alert] 1#1: a=b\n"));
  CHECK_FALSE(begins_journal_export(""));
}

#include "libdiag/parse/literal_scan.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using ngxdiag::parse::LiteralScan;

TEST_CASE("literals are found wherever they stand") {
  LiteralScan scan;
  CHECK(scan.find("anything") == 0);
  scan.add(" exited on signal ");
  scan.add(" worker_connections are not enough");
  CHECK(scan.find("worker process 9 exited on signal 6") == 1);
  CHECK(scan.find("512 worker_connections are not enough") == 2);
  CHECK(scan.find(" exited on signal") == 0);
  CHECK(scan.find("") == 0);
}

TEST_CASE("what a plain search finds is found, at every length and place") {
  std::mt19937 dice(11);
  const std::vector<std::string> words{"abca",   "bcab", "aabb", "cccc",
                                       "abcabc", "acac", "bbba", "caaa"};
  LiteralScan scan;
  for (const std::string& word : words) scan.add(word);
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (size_t i = dice() % 90; i > 0; --i) text += "abcd"[dice() % (round % 2 ? 3 : 4)];
    unsigned wanted = 0;
    for (size_t i = 0; i < words.size(); ++i)
      if (text.find(words[i]) != std::string::npos) wanted |= 1u << i;
    REQUIRE(scan.find(text) == wanted);
  }
}

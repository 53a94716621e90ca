#include "libdiag/source/plain_files.h"

#include <fstream>

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"
#include "tests/source/tree.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

TEST_CASE("a small read is cut at its cap and says so") {
  const tree::Temporary dir;
  dir.write("big", std::string(5000, 'x'));
  const Fetched cut = PlainFiles(dir.path()).read("/big", 1000);
  CHECK(cut.bytes->size() == 1000);
  CHECK(cut.cut);
  CHECK(cut.gap.why.find("larger than 1,000 bytes") != std::string::npos);
  CHECK_FALSE(PlainFiles(dir.path()).read("/big", 5000).cut);
}

TEST_CASE("a growing log ends where it was when it was opened") {
  const tree::Temporary dir;
  dir.write("error.log", "one\n");
  dir.write("empty.log", "");
  const PlainFiles files(dir.path());
  model::Gap gap;
  for (const auto* name : {"error.log", "empty.log"}) {
    const auto stream = files.open(name, gap);
    REQUIRE(stream);
    std::ofstream(dir / name, std::ios::app) << "two\n";
    CHECK(read_some(*stream, 100) == (std::string(name) == "error.log" ? "one\n" : ""));
    CHECK_FALSE(stream->gap());
  }
}

TEST_CASE("kernel files without a size are read whole") {
  CHECK(PlainFiles("").read("/proc/self/limits", Files::kSmallFile).bytes->find("Max open files") !=
        std::string::npos);
}

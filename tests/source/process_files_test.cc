#include "libdiag/source/process_files.h"

#include <unistd.h>

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"
#include "tests/source/fake_proc.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

TEST_CASE("the files of the own process can be read") {
  model::Gap gap;
  const Document maps = process_file("/proc", ::getpid(), "maps", model::Kind::kMaps);
  CHECK(maps.path == "/proc/" + std::to_string(::getpid()) + "/maps");
  const auto stream = maps.open(gap);
  REQUIRE(stream);
  CHECK(read_some(*stream, 1u << 20).find("source_test") != std::string::npos);
  const auto binary = running_binary("/proc", ::getpid()).open(gap);
  REQUIRE(binary);
  CHECK(read_some(*binary, 4) ==
        "\x7f"
        "ELF");
  CHECK_FALSE(lives_elsewhere("/proc", ::getpid()));
}

TEST_CASE("what is hidden or gone is a gap") {
  model::Gap gap;
  CHECK(process_file("/nonexistent", 812, "maps", model::Kind::kMaps).open(gap) == nullptr);
  CHECK(gap.what == "/proc/812/maps");
  CHECK(gap.why.find("the process is gone") != std::string::npos);
  // It is there, and its stack says nothing: that takes a right which this process lacks.
  const tree::Temporary dir;
  dir.write("proc/813/stack", "");
  CHECK(process_file(dir / "proc", 813, "stack", model::Kind::kBacktrace).open(gap) == nullptr);
  CHECK(gap.why.find("permission denied") == 0);
  CHECK(running_binary("/nonexistent", 812).open(gap) == nullptr);
}

TEST_CASE("another mount namespace or another root is elsewhere") {
  const tree::Temporary dir;
  dir.link("proc/self/ns/mnt", "mnt:[1]");
  dir.link("proc/812/ns/mnt", "mnt:[2]");
  dir.link("proc/813/ns/mnt", "mnt:[1]");
  dir.link("proc/813/root", "/");
  dir.link("proc/814/ns/mnt", "mnt:[1]");
  dir.link("proc/814/root", "/srv/chroot");
  dir.write("proc/self/mountinfo", "22 1 254:0 / / rw - ext4 /dev/vda rw\n");
  dir.write("proc/815/mountinfo", "90 1 0:77 / / rw - overlay overlay rw\n");
  dir.write("proc/816/mountinfo", "91 1 254:0 / / rw - ext4 /dev/vda rw\n");
  CHECK(lives_elsewhere(dir / "proc", 812));
  CHECK_FALSE(lives_elsewhere(dir / "proc", 813));
  CHECK(lives_elsewhere(dir / "proc", 814));
  CHECK(lives_elsewhere(dir / "proc", 815));  // namespace hidden, root is another
  CHECK_FALSE(lives_elsewhere(dir / "proc", 816));
}

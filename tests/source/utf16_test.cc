#include "libdiag/source/utf16.h"

#include <doctest/doctest.h>

#include "libdiag/source/streams.h"

using namespace ngxdiag::source;

namespace {

std::string converted(const std::string& bytes) {
  const auto stream = utf16_to_utf8(memory_stream(std::make_shared<const std::string>(bytes)));
  return read_some(*stream, 4096);
}

}  // namespace

TEST_CASE("both byte orders become UTF-8") {
  using namespace std::string_literals;
  CHECK(converted("\xff\xfe\x41\0\xfc\0\xac\x20\n\0"s) == "A\xc3\xbc\xe2\x82\xac\n");
  CHECK(converted("\xfe\xff\0\x41\0\xfc\x20\xac"s) == "A\xc3\xbc\xe2\x82\xac");
  CHECK(converted("\xff\xfe\x3d\xd8\0\xde"s) == "\xf0\x9f\x98\x80");
}

TEST_CASE("halves of a pair and an odd byte are marked") {
  using namespace std::string_literals;
  CHECK(converted("\xff\xfe\x3d\xd8\x41\0"s) == "\xef\xbf\xbd\x41");
  CHECK(converted("\xff\xfe\0\xde\x41\0"s) == "\xef\xbf\xbd\x41");
  CHECK(converted("\xff\xfe\x41\0\x42"s) == "A\xef\xbf\xbd");
  CHECK(converted("\xff\xfe\x3d\xd8"s) == "\xef\xbf\xbd");
}

TEST_CASE("only a byte order mark of UTF-16 says so") {
  using namespace std::string_literals;
  CHECK(is_utf16("\xff\xfe\x32\0"s));
  CHECK(is_utf16("\xfe\xff\0\x32"s));
  CHECK_FALSE(is_utf16("\xff\xfe\0\0"s));
  CHECK_FALSE(is_utf16("2026"));
  CHECK_FALSE(is_utf16(""));
}

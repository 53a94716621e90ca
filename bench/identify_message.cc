// Nanoseconds per line of the message catalogue, of the line's parser alone, and both. Not a test:
//   ninja -C build bench/identify_message && build/bench/identify_message FILE
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/text.h"
#include "libdiag/parse/message_catalogue.h"

using namespace ngxdiag;

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  std::ifstream file(argv[1], std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const parse::MessageCatalogue& catalogue = parse::MessageCatalogue::builtin();
  std::vector<parse::ErrorLine> lines;
  std::clock_t start = std::clock();
  size_t count = 0;
  for (std::string_view rest = text; !rest.empty(); ++count)
    if (const auto line = parse::parse_error_line(base::take_line(rest))) lines.push_back(*line);
  const auto nanoseconds = [&start](size_t of) {
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC * 1e9 /
           static_cast<double>(of ? of : 1);
  };
  std::printf("parse     %8.1f ns per line, %zu lines, %zu of nginx\n", nanoseconds(count), count,
              lines.size());
  std::vector<uint32_t> found;
  size_t known = 0, ambiguous = 0;
  start = std::clock();
  for (const parse::ErrorLine& line : lines) {
    catalogue.identify(line.level, line.message, found);
    known += found.size() == 1;
    ambiguous += found.size() > 1;
  }
  std::printf("identify  %8.1f ns per line: %zu known, %zu ambiguous, %zu unknown\n",
              nanoseconds(lines.size()), known, ambiguous, lines.size() - known - ambiguous);
  return 0;
}

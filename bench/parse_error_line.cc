// Nanoseconds per line of the error log's parsers, over lines of several shapes. Not a test:
//   ninja -C build bench/parse_error_line && build/bench/parse_error_line [FILE]
// With FILE the lines of that log are parsed instead of the built-in ones.
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/text.h"
#include "libdiag/parse/error_log.h"

using namespace ngxdiag;

namespace {

constexpr int kRounds = 200000;

struct Shape {
  const char* name;
  std::string line;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> kShapes{
      {"life cycle",
       "2026/04/21 23:18:20 [alert] 812#812: worker process 9123 exited on signal 11 (core "
       "dumped)"},
      {"upstream error",
       "2026/04/21 23:18:20 [error] 912#912: *90112 connect() failed (111: Connection refused) "
       "while connecting to "
       "upstream, client: 198.51.100.4, server: app.example.org, request: \"GET "
       "/reports/2025?page=7 HTTP/1.1\", "
       "upstream: \"http://10.0.3.12:8080/reports/2025?page=7\", host: \"app.example.org\", "
       "referrer: "
       "\"https://app.example.org/reports\""},
      {"missing file",
       "2026/04/21 23:18:20 [error] 912#912: *90113 open() \"/srv/www/favicon.ico\" failed (2: No "
       "such file or "
       "directory), client: 198.51.100.4, server: _, request: \"GET /favicon.ico HTTP/1.1\", host: "
       "\"example.org\""},
      {"assertion",
       "ker process: /build/nchan/src/store/memory/memstore.c:705: nchan_store_init_worker: "
       "Assertion "
       "`procslot_found == 1' failed."},
      {"journal",
       "Apr 21 23:18:20 web1 nginx[812]: 2026/04/21 23:18:20 [alert] 812#812: worker process 9 "
       "exited on "
       "signal 11"},
      {"docker json",
       R"({"log":"2026/04/21 23:18:20 [alert] 1#1: worker process 9 exited on signal 11\n","stream":"stderr","time":"2026-04-21T23:18:20.1Z"})"},
  };
  return kShapes;
}

// The result is summed up so that no compiler drops the work.
size_t g_sum = 0;

template <typename Work>
double nanoseconds(const std::vector<std::string_view>& lines, int rounds, Work work) {
  // Processor time, so that a busy machine does not count.
  const std::clock_t start = std::clock();
  for (int round = 0; round < rounds; ++round)
    for (const std::string_view line : lines) g_sum += work(line);
  const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC * 1e9;
  return took / (static_cast<double>(rounds) * static_cast<double>(lines.size()));
}

void measure(const char* name, const std::vector<std::string_view>& lines, int rounds) {
  const double line = nanoseconds(lines, rounds, [](std::string_view text) {
    const auto parsed = parse::parse_error_line(text);
    return parsed ? parsed->message.size() : 0;
  });
  const double message = nanoseconds(lines, rounds, [](std::string_view text) {
    return parse::split_message(text.substr(text.size() > 34 ? 34 : 0)).text.size();
  });
  const double life = nanoseconds(lines, rounds, [](std::string_view text) {
    return static_cast<size_t>(parse::parse_life(text.substr(text.size() > 36 ? 36 : 0)).life);
  });
  const double complete = nanoseconds(
      lines, rounds, [](std::string_view text) { return size_t{parse::is_complete_line(text)}; });
  std::printf("%-16s %9.1f %9.1f %9.1f %9.1f\n", name, line, message, life, complete);
}

}  // namespace

int main(int argc, char** argv) {
  std::printf("%-16s %9s %9s %9s %9s   ns per line\n", "", "line", "message", "life", "complete");
  if (argc > 1) {
    std::ifstream file(argv[1], std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    std::vector<std::string_view> lines;
    for (std::string_view rest = text; !rest.empty();) lines.push_back(base::take_line(rest));
    if (!lines.empty()) measure(argv[1], lines, 1 + kRounds / static_cast<int>(lines.size()));
    return 0;
  }
  for (const Shape& shape : shapes()) measure(shape.name, {shape.line}, kRounds);
  return g_sum == 1 ? 1 : 0;
}

// Compares the id that `ngxdiag logs` gives each line with the true one (bench/logs/generate.cc):
//   check_ids LOG TRUTH [MOST]
// A line is right when it got its true id, or several candidates with the true one among them. The
// first MOST (10) wrong ones are shown. Prints what was counted as JSON; ends with 1 when a line is
// wrong.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "libdiag/analyze/log_pass.h"
#include "libdiag/parse/message_catalogue.h"
#include "libdiag/source/files.h"

using namespace ngxdiag;

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  std::ifstream truth(argv[2], std::ios::binary);
  const int64_t most = argc > 3 ? std::atoll(argv[3]) : 10;
  model::Gap gap;
  const auto stream = source::host_files("")->open(argv[1], gap);
  if (!stream || !truth) return 66;
  const auto& entries = parse::MessageCatalogue::builtin().entries();
  int64_t lines = 0, wrong = 0, exact = 0, ambiguous = 0, other = 0;
  std::string wanted;
  const analyze::LineSink sink = [&](const analyze::ClassifiedLine& line) {
    std::getline(truth, wanted);
    ++lines;
    bool right = false;
    if (wanted == "-") {
      right = line.verdict == analyze::LineVerdict::kContinuation;
      ++other;
    } else if (wanted == "?") {
      right = line.verdict == analyze::LineVerdict::kUnknown;
      ++other;
    } else {
      right = std::any_of(line.ids->begin(), line.ids->end(),
                          [&](uint32_t id) { return entries[id].id == wanted; });
      exact += right && line.ids->size() == 1;
      ambiguous += right && line.ids->size() > 1;
    }
    if (right || ++wrong > most) return;
    std::fprintf(stderr, "line %lld is %s, not", static_cast<long long>(lines), wanted.c_str());
    for (const uint32_t id : *line.ids)
      std::fprintf(stderr, " %.*s", static_cast<int>(entries[id].id.size()), entries[id].id.data());
    std::fprintf(stderr, " (verdict %d): %.*s\n", static_cast<int>(line.verdict),
                 static_cast<int>(std::min<size_t>(line.text.size(), 300)), line.text.data());
  };
  analyze::LogPass pass(1, {}, {});
  pass.run(
      {}, *stream, [](const analyze::LogDigest&, int64_t) { return true; }, sink);
  const bool more = static_cast<bool>(std::getline(truth, wanted));
  std::printf(
      "{\"lines\": %lld, \"exact\": %lld, \"ambiguous\": %lld, \"no_message\": %lld, \"wrong\": "
      "%lld}\n",
      static_cast<long long>(lines), static_cast<long long>(exact),
      static_cast<long long>(ambiguous), static_cast<long long>(other),
      static_cast<long long>(wrong));
  return wrong > 0 || more ? 1 : 0;
}

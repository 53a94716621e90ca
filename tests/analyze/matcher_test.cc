#include "libdiag/analyze/matcher.h"

#include <doctest/doctest.h>

using namespace ngxdiag;
using namespace ngxdiag::analyze;
using model::Kind;

namespace {
std::vector<size_t> found(Matcher& matcher, std::string_view line, std::string_view level = {}) {
  std::vector<Matcher::Match> matches;
  matcher.find(line, level, matches);
  std::vector<size_t> out;
  for (const auto& match : matches) out.push_back(match.pattern);
  return out;
}
using Indices = std::vector<size_t>;
}  // namespace

TEST_CASE("literals are found wherever they stand, each pattern once, with its captures") {
  const std::vector<model::LinePattern> patterns = {
      {"a", {}, "failed (24:", {}, {}},
      {"b", {Kind::kErrorLog}, "was locked by", "zone \"([^\"]+)\"", {}},
      {"c", {Kind::kKernelLog}, "segfault", {}, {}},
      {"d", {}, "OOM", {}, {}},
  };
  Matcher matcher(patterns, Kind::kErrorLog);
  CHECK(found(matcher, "failed (24: x) failed (24: y)") == Indices{0});
  CHECK(found(matcher, "failed (24:") == Indices{0});
  CHECK(found(matcher, "failed (23:").empty());
  CHECK(found(matcher, "segfault").empty());
  CHECK(found(matcher, "an OOM b failed (24:") == Indices{0, 3});
  CHECK(found(matcher, "").empty());
  std::vector<Matcher::Match> matches;
  matcher.find("shared memory zone \"memstore\" was locked by 9", {}, matches);
  REQUIRE(matches.size() == 1);
  CHECK(matches[0].captures[1] == "memstore");
}

TEST_CASE("a level that is asked for must be there, a line without level passes") {
  const std::vector<model::LinePattern> patterns = {{"a", {}, "not enough", {}, {"alert"}}};
  Matcher matcher(patterns, Kind::kErrorLog);
  CHECK(found(matcher, "x not enough", "alert") == Indices{0});
  CHECK(found(matcher, "x not enough", "warn").empty());
  CHECK(found(matcher, "x not enough", "") == Indices{0});
}

TEST_CASE("a wrong expression never matches and never throws") {
  const std::vector<model::LinePattern> patterns = {{"a", {}, "literal", "(", {}}};
  Matcher matcher(patterns, Kind::kErrorLog);
  CHECK(found(matcher, "a literal").empty());
}

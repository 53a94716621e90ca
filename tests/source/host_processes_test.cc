#include "libdiag/source/host_processes.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace ngxdiag;

TEST_CASE("the live table is in pid order and holds nginx's processes only") {
  std::vector<model::Gap> gaps;
  const auto processes = source::host_processes(1000000, gaps);
  CHECK(std::is_sorted(processes.begin(), processes.end(),
                       [](const auto& a, const auto& b) { return a.pid < b.pid; }));
  for (const model::Process& p : processes) {
    CHECK(p.pid > 0);
    CHECK_FALSE(p.title.empty());
    CHECK(p.started.has_value());
    CHECK(p.ref.kind == "proc");
  }
}

#include "libdiag/source/watchdog.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace ngxdiag::source;
using namespace std::chrono_literals;

TEST_CASE("work that answers in time gives its answer") {
  CHECK(within<std::string>(5000ms, [] { return std::string("done"); }) == "done");
}

TEST_CASE("work that does not answer is left") {
  CHECK_FALSE(within<int>(20ms, [] {
    std::this_thread::sleep_for(400ms);
    return 1;
  }));
}

namespace {

std::function<void(int&)> doubles_but_sleeps_at(int stuck) {
  return [stuck](int& item) {
    if (item == stuck || (stuck < 0 && item > 2)) std::this_thread::sleep_for(400ms);
    item *= 2;
  };
}

}  // namespace

TEST_CASE("many items may take longer together than one of them") {
  size_t undone = 9;
  const auto done = each_within<int>(
      100ms, std::vector<int>(20, 4),
      [] {
        return [](int& item) {
          std::this_thread::sleep_for(10ms);
          ++item;
        };
      },
      undone);
  CHECK(done == std::vector<int>(20, 5));
  CHECK(undone == 0);
}

TEST_CASE("one item that does not answer costs itself alone") {
  size_t undone = 0;
  const auto done = each_within<int>(
      100ms, {1, 2, 3, 4}, [] { return doubles_but_sleeps_at(2); }, undone);
  CHECK(done == std::vector<int>{2, 2, 6, 8});
  CHECK(undone == 1);
}

TEST_CASE("when nothing answers any more the rest is left undone") {
  size_t undone = 0;
  const auto done = each_within<int>(
      50ms, {1, 2, 3, 4, 5, 6, 7}, [] { return doubles_but_sleeps_at(-1); }, undone);
  CHECK(done == std::vector<int>{2, 4, 3, 4, 5, 6, 7});
  CHECK(undone == 5);
  CHECK(each_within<int>(
            50ms, {}, [] { return doubles_but_sleeps_at(0); }, undone)
            .empty());
}

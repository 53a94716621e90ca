#include "libdiag/source/watchdog.h"

#include <string>

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

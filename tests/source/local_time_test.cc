#include "libdiag/source/local_time.h"

#include <cstdlib>
#include <ctime>

#include <doctest/doctest.h>

using namespace ngxdiag;

TEST_CASE("absolute time becomes the wall clock of the host's zone") {
  ::setenv("TZ", "UTC-3", 1);
  ::tzset();
  CHECK(base::format_civil(source::local_civil(1776813500)) == "2026-04-22 02:18:20");
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  CHECK(base::format_civil(source::local_civil(1776813500)) == "2026-04-21 23:18:20");
}

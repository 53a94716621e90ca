#include "libdiag/base/version.h"

#include <doctest/doctest.h>

using namespace ngxdiag::base;

TEST_CASE("upstream versions and distribution revisions order as their makers mean them") {
  CHECK(compare_versions("1.9.11", "1.11.6") < 0);
  CHECK(compare_versions("1.24.0", "1.24.0") == 0);
  CHECK(compare_versions("1.24.0-2ubuntu7.9", "1.24.0-2ubuntu7.10") < 0);
  CHECK(compare_versions("1.22.1-9+deb12u10", "1.22.1-9") > 0);
  CHECK(compare_versions("1.0.0~rc-3", "1.0.0") < 0);
  CHECK(compare_versions("1:1.3.6+dfsg-2", "1.3.7") < 0);
  CHECK(compare_versions("0.10.9rc7", "0.10.10") < 0);
}

TEST_CASE("a version begins with a digit") {
  CHECK(is_version("1.24.0-2ubuntu7.10"));
  CHECK_FALSE(is_version("nginx"));
  CHECK_FALSE(is_version("1.0 beta"));
}

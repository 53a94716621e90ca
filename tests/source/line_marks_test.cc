#include "libdiag/source/line_marks.h"

#include <doctest/doctest.h>

using namespace ngxdiag::source;
using ngxdiag::model::Kind;

TEST_CASE("lines are known by how they begin") {
  CHECK(kind_by_beginning("nginx version: nginx/1.24.0") == Kind::kNginxVersion);
  CHECK(kind_by_beginning("renew_before_expiry = 30 days") == Kind::kRenewalConf);
  CHECK_FALSE(kind_by_beginning("nginx versio"));
  CHECK_FALSE(kind_by_beginning(""));
}

TEST_CASE("lines are known by what stands in them") {
  CHECK(find_inside("nginx[PID]: segfault at 6212 ip").kind == Kind::kKernelLog);
  CHECK(find_inside("x.c:1: f: Assertion `a' failed.").kind == Kind::kErrorLog);
  CHECK(find_inside("root 812 1 0 nginx: master process").title);
  CHECK(find_inside("f (x=1) at a.c:12").frame);
  CHECK(find_inside("512 worker_connections are not enough").message);
  const Inside nothing = find_inside("good morning");
  CHECK_FALSE(nothing.kind);
  CHECK_FALSE((nothing.title || nothing.frame || nothing.message));
}

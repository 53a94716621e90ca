#include "libdiag/base/error.h"

#include <doctest/doctest.h>

using ngxdiag::base::UserError;

TEST_CASE("a user error prints where, what, excerpt, reason and help on lines of their own") {
  const UserError error("unknown fact", "rule.json:4:2", "\"fact\": \"x\"", "",
                        "did you mean \"y\"?");
  CHECK(error.text() == "rule.json:4:2: unknown fact\n  \"fact\": \"x\"\n  did you mean \"y\"?\n");
}

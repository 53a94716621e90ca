#include "libdiag/base/regex.h"

#include <doctest/doctest.h>

#include <string>

#include "libdiag/base/error.h"

using ngxdiag::base::Regex;

TEST_CASE("search finds the expression anywhere and gives its captures") {
  const Regex regex("exited on signal (\\d+)( \\(core dumped\\))?");
  std::vector<std::string_view> groups;
  REQUIRE(regex.search("worker process 12 exited on signal 11 (core dumped)", groups));
  CHECK(groups[1] == "11");
  CHECK(groups[2] == " (core dumped)");
  CHECK(regex.search("exited on signal 6", groups));
  CHECK(groups[2].empty());
  CHECK_FALSE(regex.search("exited with code 0"));
}

TEST_CASE("a wrong expression is the user's error and names the expression") {
  try {
    const Regex regex("(");
    FAIL("accepted");
  } catch (const ngxdiag::base::UserError& error) {
    CHECK(error.excerpt == "(");
    CHECK_FALSE(error.help.empty());
  }
}

TEST_CASE("a match that explodes is no match, not a hang or an exception") {
  const std::string hostile(60, 'a');
  CHECK_FALSE(Regex("(a+)+(a+)+(a+)+b$").search(hostile));
}

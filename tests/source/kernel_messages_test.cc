#include "libdiag/source/kernel_messages.h"

#include <doctest/doctest.h>

#include "tests/source/tree.h"

using namespace ngxdiag;
using namespace ngxdiag::source;

TEST_CASE("a record is printed as dmesg -T prints it") {
  const base::CivilTime boot = *base::parse_civil("2022-06-30 04:00:00");
  CHECK(dmesg_line("6,1234,1662000001,-;nginx[101475]: segfault at 0 ip 00007ff4\n SUBSYSTEM=x\n",
                   boot) == "[Thu Jun 30 04:27:42 2022] nginx[101475]: segfault at 0 ip 00007ff4");
  CHECK(dmesg_line("6,1,0,-;x", *base::parse_civil("2026-03-01 00:00:00")) ==
        "[Sun Mar  1 00:00:00 2026] x");
  CHECK(dmesg_line("nonsense", boot).empty());
  CHECK(dmesg_line("a,b,c;x", boot).empty());
}

TEST_CASE("a ring buffer that is not there is said") {
  std::string why;
  CHECK_FALSE(kernel_messages("/nonexistent/kmsg", 0, why));
  CHECK(why == "does not exist");
}
